ALTER TABLE `events` ADD `linked_from` text;--> statement-breakpoint
CREATE INDEX `events_of_stock` ON `events` (`item_id`,`timestamp`) WHERE name = 'stock_update';