ALTER TABLE `checkpoint` ADD `floor_tie` integer;--> statement-breakpoint
ALTER TABLE `checkpoint` ADD `floor_name` text;