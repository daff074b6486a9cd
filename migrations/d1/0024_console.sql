CREATE TABLE `rule_changes` (
	`change_id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`surface` text NOT NULL,
	`body` text NOT NULL,
	`changed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `rule_changes_of_surface` ON `rule_changes` (`surface`,`change_id`);--> statement-breakpoint
CREATE TABLE `console_links` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`role` text NOT NULL,
	`key` text NOT NULL,
	`expires_at` integer NOT NULL
);
