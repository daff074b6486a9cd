-- Custom SQL: drizzle does not know virtual tables.
-- The text itself is not kept: it is the catalogue's. Words come folded and separated by spaces; see src/search/words.ts.
CREATE VIRTUAL TABLE `search_words` USING fts5(
	title, brand, category, body,
	content = '', contentless_delete = 1,
	tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
);
--> statement-breakpoint
CREATE VIRTUAL TABLE `search_vocabulary` USING fts5vocab(search_words, row);
