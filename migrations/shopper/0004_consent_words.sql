ALTER TABLE `shopper` ADD `marketing_at` integer;--> statement-breakpoint
ALTER TABLE `shopper` ADD `withdrawn_at` integer;--> statement-breakpoint
ALTER TABLE `shopper` ADD `is_anonymous` integer;