ALTER TABLE `events` ADD `coupon` text;--> statement-breakpoint
ALTER TABLE `events` ADD `item_coupon` text;