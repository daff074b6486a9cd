CREATE TABLE `bot_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`fingerprint` text NOT NULL,
	`agent` text NOT NULL,
	`name` text NOT NULL,
	`item_ids` text NOT NULL,
	`timestamp` integer NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bot_events_once` ON `bot_events` (`fingerprint`);