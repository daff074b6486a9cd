CREATE TABLE `dead_letters` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`message_id` text NOT NULL,
	`reason` text NOT NULL,
	`body` text NOT NULL,
	`stored_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `dead_letters_once` ON `dead_letters` (`message_id`);--> statement-breakpoint
CREATE TABLE `erasures` (
	`shopper` text PRIMARY KEY NOT NULL,
	`erased_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`shopper` text NOT NULL,
	`event_id` text NOT NULL,
	`line` integer NOT NULL,
	`name` text NOT NULL,
	`timestamp` integer NOT NULL,
	`received_at` integer NOT NULL,
	`session_id` text,
	`item_id` text,
	`price` integer,
	`quantity` integer,
	`category` text,
	`brand` text,
	`list_id` text,
	`list_index` integer,
	`value` integer,
	`search_term` text,
	`transaction_id` text,
	`recommendation_id` text,
	`analytics` integer NOT NULL,
	`personalization` integer NOT NULL,
	`country` text,
	`device` text,
	`referrer` text,
	`page` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_once` ON `events` (`shopper`,`event_id`,`line`);--> statement-breakpoint
CREATE TABLE `impressions` (
	`recommendation_id` text NOT NULL,
	`position` integer NOT NULL,
	`item_id` text NOT NULL,
	`shopper` text NOT NULL,
	`surface` text NOT NULL,
	`model_version` text,
	`source` text NOT NULL,
	`score` real NOT NULL,
	`timestamp` integer NOT NULL,
	PRIMARY KEY(`recommendation_id`, `position`)
);
--> statement-breakpoint
CREATE INDEX `impressions_of_shopper` ON `impressions` (`shopper`,`timestamp`);--> statement-breakpoint
CREATE TABLE `rejected_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`fingerprint` text NOT NULL,
	`shopper` text,
	`event_id` text,
	`code` text NOT NULL,
	`message` text NOT NULL,
	`row` text NOT NULL,
	`times` integer NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rejected_events_once` ON `rejected_events` (`fingerprint`);--> statement-breakpoint
CREATE INDEX `rejected_events_of_shopper` ON `rejected_events` (`shopper`);