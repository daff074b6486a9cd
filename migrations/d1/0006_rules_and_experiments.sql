CREATE TABLE `experiments` (
	`experiment_id` text PRIMARY KEY NOT NULL,
	`body` text NOT NULL,
	`created_at` integer NOT NULL,
	`changed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `surface_rules` (
	`surface` text PRIMARY KEY NOT NULL,
	`body` text NOT NULL,
	`changed_at` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `impressions_of_shopper`;--> statement-breakpoint
ALTER TABLE `impressions` ADD `experiment` text;--> statement-breakpoint
ALTER TABLE `impressions` ADD `variant` text;--> statement-breakpoint
CREATE INDEX `impressions_by_time` ON `impressions` (`timestamp`);--> statement-breakpoint
CREATE INDEX `impressions_of_experiment` ON `impressions` (`experiment`,`shopper`) WHERE experiment is not null;--> statement-breakpoint
CREATE INDEX `impressions_of_shopper` ON `impressions` (`shopper`,`item_id`,`timestamp`);--> statement-breakpoint
CREATE INDEX `events_by_time` ON `events` (`timestamp`);