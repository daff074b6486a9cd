CREATE TABLE `daily_counters` (
	`dt` text NOT NULL,
	`item_id` text NOT NULL,
	`name` text NOT NULL,
	`events` integer NOT NULL,
	`shoppers` integer NOT NULL,
	PRIMARY KEY(`dt`, `item_id`, `name`)
);
--> statement-breakpoint
CREATE TABLE `daily_sales` (
	`dt` text NOT NULL,
	`item_id` text NOT NULL,
	`units` integer NOT NULL,
	`revenue` integer NOT NULL,
	`lines` integer NOT NULL,
	PRIMARY KEY(`item_id`, `dt`)
);
