CREATE TABLE `export_parts` (
	`key` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`dt` text NOT NULL,
	`from_seq` integer NOT NULL,
	`to_seq` integer NOT NULL,
	`rows` integer NOT NULL,
	`bytes` integer NOT NULL,
	`sha256` text NOT NULL,
	`min_time` integer,
	`max_time` integer,
	`counts` text NOT NULL,
	`status` text NOT NULL,
	`read_at` integer NOT NULL,
	`written_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `export_parts_by_day` ON `export_parts` (`kind`,`dt`);--> statement-breakpoint
CREATE INDEX `export_parts_by_slice` ON `export_parts` (`to_seq`);--> statement-breakpoint
CREATE INDEX `export_parts_by_status` ON `export_parts` (`status`,`to_seq`);--> statement-breakpoint
CREATE TABLE `export_sessions` (
	`shopper` text PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	`events` integer NOT NULL,
	`minute` integer NOT NULL,
	`in_minute` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `export_sessions_by_time` ON `export_sessions` (`last_at`);--> statement-breakpoint
CREATE TABLE `exported_erasures` (
	`shopper` text PRIMARY KEY NOT NULL,
	`erased_at` integer NOT NULL
);
