CREATE TABLE `stock_moves` (
	`key` text PRIMARY KEY NOT NULL,
	`item_id` text NOT NULL,
	`kind` text NOT NULL,
	`quantity` integer NOT NULL,
	`at` integer NOT NULL,
	`trusted` integer NOT NULL,
	`order_key` text
);
--> statement-breakpoint
CREATE INDEX `stock_moves_of_item` ON `stock_moves` (`item_id`,`at`);--> statement-breakpoint
CREATE INDEX `stock_moves_of_order` ON `stock_moves` (`order_key`);--> statement-breakpoint
CREATE TABLE `purchase_orders` (
	`purchase_order_id` text PRIMARY KEY NOT NULL,
	`supplier_id` text,
	`placed_at` integer NOT NULL,
	`expected_at` integer,
	`cancelled_at` integer
);
--> statement-breakpoint
CREATE TABLE `reorder_decisions` (
	`item_id` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`until` integer NOT NULL,
	`decided_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `suppliers` (
	`supplier_id` text PRIMARY KEY NOT NULL,
	`name` text,
	`lead_time_days` real NOT NULL,
	`lead_time_spread_days` real NOT NULL,
	`minimum_order` integer,
	`order_weekdays` text
);
--> statement-breakpoint
CREATE TABLE `supply_items` (
	`item_id` text PRIMARY KEY NOT NULL,
	`supplier_id` text,
	`pack_size` real,
	`minimum_quantity` real,
	`unit_cost` integer,
	`service_level` real
);
--> statement-breakpoint
ALTER TABLE `items` ADD `stock_told` integer;--> statement-breakpoint
UPDATE `items` SET `stock_told` = `stock`;
