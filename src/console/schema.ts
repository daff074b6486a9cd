// The console's table in D1.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Links that sign in once, until they are used or have expired. */
export const consoleLinks = sqliteTable("console_links", {
  /** SHA-256 of what stands in the link. */
  token_hash: text("token_hash").primaryKey(),
  role: text("role", { enum: ["viewer", "editor"] }).notNull(),
  /** Fingerprint of the key that it was made with. */
  key: text("key").notNull(),
  /** ms since the epoch. */
  expires_at: integer("expires_at").notNull(),
});
