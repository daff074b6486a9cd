CREATE TABLE `search_clicks` (
	`query` text NOT NULL,
	`item_id` text NOT NULL,
	`day` integer NOT NULL,
	`shoppers` integer NOT NULL,
	PRIMARY KEY(`query`, `item_id`, `day`)
);
--> statement-breakpoint
CREATE INDEX `search_clicks_by_day` ON `search_clicks` (`day`);--> statement-breakpoint
CREATE TABLE `search_cursor` (
	`id` integer PRIMARY KEY NOT NULL,
	`changed` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `search_docs` (
	`doc` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`item_id` text NOT NULL,
	`words` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `search_docs_item_id_unique` ON `search_docs` (`item_id`);