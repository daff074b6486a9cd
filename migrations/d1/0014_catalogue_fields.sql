ALTER TABLE `items` ADD `item_group_id` text;--> statement-breakpoint
ALTER TABLE `items` ADD `description` text;--> statement-breakpoint
ALTER TABLE `items` ADD `categories` text;--> statement-breakpoint
ALTER TABLE `items` ADD `gtin` text;--> statement-breakpoint
ALTER TABLE `items` ADD `sale_price` integer;--> statement-breakpoint
ALTER TABLE `items` ADD `cost` integer;--> statement-breakpoint
ALTER TABLE `items` ADD `availability` text;--> statement-breakpoint
ALTER TABLE `items` ADD `hidden` integer DEFAULT false NOT NULL;