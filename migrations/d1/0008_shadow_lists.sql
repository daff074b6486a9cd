CREATE TABLE `shadow_lists` (
	`recommendation_id` text NOT NULL,
	`experiment` text NOT NULL,
	`shopper` text NOT NULL,
	`surface` text NOT NULL,
	`model_version` text,
	`ranking_version` text,
	`shown` integer NOT NULL,
	`items` text NOT NULL,
	`failed` integer NOT NULL,
	`timestamp` integer NOT NULL,
	PRIMARY KEY(`recommendation_id`, `experiment`)
);
--> statement-breakpoint
CREATE INDEX `shadow_lists_of_experiment` ON `shadow_lists` (`experiment`,`timestamp`);--> statement-breakpoint
CREATE INDEX `shadow_lists_of_shopper` ON `shadow_lists` (`shopper`);