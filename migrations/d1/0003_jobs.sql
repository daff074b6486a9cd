CREATE TABLE `job_leases` (
	`name` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`run_id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer,
	`slices` integer DEFAULT 0 NOT NULL,
	`counts` text DEFAULT '{}' NOT NULL,
	`error` text,
	`advice` text,
	`checkpoint` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_open` ON `jobs` (`name`) WHERE status = 'open';--> statement-breakpoint
CREATE INDEX `jobs_by_name` ON `jobs` (`name`,`run_id`);