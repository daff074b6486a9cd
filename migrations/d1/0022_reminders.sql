CREATE TABLE `reminder_rules` (
	`id` integer PRIMARY KEY NOT NULL,
	`body` text NOT NULL,
	`changed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `reminders` (
	`reminder_id` text PRIMARY KEY NOT NULL,
	`shopper` text NOT NULL,
	`rule_id` text NOT NULL,
	`channel` text NOT NULL,
	`cart_version` text NOT NULL,
	`touch` integer NOT NULL,
	`held_out` integer NOT NULL,
	`created_at` integer NOT NULL,
	`shown_at` integer,
	`clicked_at` integer,
	`stopped` text
);
--> statement-breakpoint
CREATE INDEX `reminders_of_shopper` ON `reminders` (`shopper`,`created_at`);--> statement-breakpoint
CREATE INDEX `reminders_by_time` ON `reminders` (`created_at`);