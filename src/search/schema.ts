// The tables of the search in D1. The full-text tables `search_words` (title, brand, category, body) and
// `search_vocabulary` (term, doc, cnt) are SQLite's FTS5 and declared by a migration of their own. Rows are written by
// src/search alone; all of it can be made anew from the catalogue and the log.
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const searchDocs = sqliteTable("search_docs", {
  /** Row of the full-text table. */
  doc: integer("doc").primaryKey({ autoIncrement: true }),
  item_id: text("item_id").notNull().unique(),
  /** Hash of its words: an item that only changed its stock is left alone. */
  words: integer("words").notNull(),
});

/** One row: how far the index has followed `items.changed`. */
export const searchCursor = sqliteTable("search_cursor", {
  id: integer("id").primaryKey(),
  changed: integer("changed").notNull(),
});

/** What shoppers went on to after a search, a row a day. */
export const searchClicks = sqliteTable(
  "search_clicks",
  {
    /** As `foldQuery` has it. */
    query: text("query").notNull(),
    item_id: text("item_id").notNull(),
    /** Days since the epoch, UTC. */
    day: integer("day").notNull(),
    /** A bit for each, by hash: who it was is not kept, and nobody counts twice, whatever the day. */
    shoppers: integer("shoppers").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.query, table.item_id, table.day] }),
    index("search_clicks_by_day").on(table.day),
  ],
);
