CREATE TABLE `absorbed` (
	`anonymous` text NOT NULL,
	`event_id` text NOT NULL,
	`absorbed_at` integer NOT NULL,
	PRIMARY KEY(`anonymous`, `event_id`)
);
--> statement-breakpoint
CREATE TABLE `checkpoint` (
	`id` integer PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`floor_timestamp` integer,
	`floor_event_id` text
);
--> statement-breakpoint
CREATE TABLE `handover` (
	`id` integer PRIMARY KEY NOT NULL,
	`linked_to` text NOT NULL,
	`history` text NOT NULL,
	`identify` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`seq` integer PRIMARY KEY NOT NULL,
	`event_id` text NOT NULL,
	`entry` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `seen_events` (
	`seq` integer PRIMARY KEY NOT NULL,
	`event_id` text NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `seen_events_event_id_unique` ON `seen_events` (`event_id`);--> statement-breakpoint
CREATE TABLE `shopper` (
	`id` integer PRIMARY KEY NOT NULL,
	`shopper` text NOT NULL,
	`state` text NOT NULL,
	`watermark` integer,
	`late_events` integer NOT NULL,
	`consent` text,
	`consent_at` integer,
	`linked_to` text,
	`linked_timestamp` integer,
	`linked_event_id` text
);
--> statement-breakpoint
CREATE TABLE `window_entries` (
	`seq` integer PRIMARY KEY NOT NULL,
	`timestamp` integer NOT NULL,
	`event_id` text NOT NULL,
	`entry` text NOT NULL
);
