CREATE TABLE `shown_lists` (
	`recommendation_id` text NOT NULL,
	`first` integer NOT NULL,
	`shopper` text NOT NULL,
	`surface` text NOT NULL,
	`timestamp` integer NOT NULL,
	`experiment` text,
	`items` text NOT NULL,
	`origins` text NOT NULL,
	`arms` text NOT NULL,
	PRIMARY KEY(`recommendation_id`, `first`)
);
--> statement-breakpoint
CREATE INDEX `shown_lists_of_shopper` ON `shown_lists` (`shopper`,`timestamp`);--> statement-breakpoint
CREATE INDEX `shown_lists_by_time` ON `shown_lists` (`timestamp`);--> statement-breakpoint
CREATE INDEX `shown_lists_of_experiment` ON `shown_lists` (`experiment`,`shopper`) WHERE experiment is not null;--> statement-breakpoint
-- What was shown before: each stretch of places that were shown together is a row.
INSERT INTO `shown_lists`
	SELECT recommendation_id, min(position), shopper, surface, timestamp, max(experiment),
		json_group_array(item_id ORDER BY position),
		json_group_array(json_array(source, score, place) ORDER BY position),
		json_group_array(json_array(variant, model_version) ORDER BY position)
	FROM (
		SELECT *, row_number() OVER (PARTITION BY recommendation_id, timestamp, stretch ORDER BY position) - 1 AS place
		FROM (
			SELECT *, position - row_number() OVER (PARTITION BY recommendation_id, timestamp ORDER BY position) AS stretch
			FROM `impressions`
		)
	)
	GROUP BY recommendation_id, timestamp, stretch;--> statement-breakpoint
DROP TABLE `impressions`;--> statement-breakpoint
CREATE VIEW `impressions` AS 
  select l.recommendation_id, l.first + i.key as position, i.value as item_id, l.shopper, l.surface,
    l.arms -> (l.origins -> i.key ->> 2) ->> 1 as model_version, l.origins -> i.key ->> 0 as source,
    l.origins -> i.key ->> 1 as score, l.timestamp, l.experiment, l.arms -> (l.origins -> i.key ->> 2) ->> 0 as variant
  from shown_lists l, json_each(l.items) i;