ALTER TABLE `events` ADD `tie` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `events` ADD `item_variant` text;--> statement-breakpoint
ALTER TABLE `events` ADD `item_group_id` text;