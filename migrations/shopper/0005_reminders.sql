CREATE TABLE `reminders` (
	`id` integer PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`due_at` integer
);
