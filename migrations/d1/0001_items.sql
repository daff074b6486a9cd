CREATE TABLE `items` (
	`item_id` text PRIMARY KEY NOT NULL,
	`title` text,
	`category` text,
	`brand` text,
	`price` integer,
	`stock` integer,
	`attributes` text,
	`image_url` text,
	`url` text,
	`created_at` integer NOT NULL,
	`deleted` integer DEFAULT false NOT NULL,
	`changed` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `items_changed` ON `items` (`changed`);