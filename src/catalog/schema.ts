// The catalogue's table in D1. Rows are written by src/catalog alone.
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { AVAILABILITIES } from "./availability.ts";

export const items = sqliteTable(
  "items",
  {
    item_id: text("item_id").primaryKey(),
    /** What all variants of an item are of. */
    item_group_id: text("item_group_id"),
    title: text("title"),
    description: text("description"),
    category: text("category"),
    /** Further categories, a JSON array of texts; null for none. */
    categories: text("categories"),
    brand: text("brand"),
    /** International number of the article (EAN, UPC, ISBN). */
    gtin: text("gtin"),
    /** Minor units of the shop's currency. */
    price: integer("price"),
    /** What it sells for instead while it is not null. */
    sale_price: integer("sale_price"),
    /** What the shop pays for it. No answer to a storefront holds it. */
    cost: integer("cost"),
    /** Units for sale, goods by weight in fractions; null = unknown or unlimited. */
    stock: integer("stock"),
    /** When the shop said so, ms since the epoch: a `stock_update` from before then is out of date. */
    stock_at: integer("stock_at").notNull().default(0),
    /** See availability.ts; null = the stock level tells. */
    availability: text("availability", { enum: AVAILABILITIES }),
    /** In the catalogue, but not to be shown. */
    hidden: integer("hidden", { mode: "boolean" }).notNull().default(false),
    /** A JSON object of the shop's own facts. */
    attributes: text("attributes"),
    image_url: text("image_url"),
    url: text("url"),
    /** When the shop began to sell it, ms since the epoch. */
    created_at: integer("created_at").notNull(),
    /** Tombstones stay, so that every isolate hears of the deletion. */
    deleted: integer("deleted", { mode: "boolean" }).notNull().default(false),
    /** Grows with every write to the table and is never used twice: isolates ask for what is newer. */
    changed: integer("changed").notNull(),
  },
  (table) => [index("items_changed").on(table.changed)],
);

export type ItemRow = typeof items.$inferSelect;

/** What the shop declared for a surface. */
export const surfaceRules = sqliteTable("surface_rules", {
  surface: text("surface").primaryKey(),
  /** JSON, see `Policy` in src/recommend/rules/policy.ts. */
  body: text("body").notNull(),
  changed_at: integer("changed_at").notNull(),
});

export const experiments = sqliteTable("experiments", {
  experiment_id: text("experiment_id").primaryKey(),
  /** JSON, see `Experiment` in src/recommend/experiment/contract.ts. */
  body: text("body").notNull(),
  created_at: integer("created_at").notNull(),
  changed_at: integer("changed_at").notNull(),
});
