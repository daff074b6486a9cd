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
    /** What the shop last counted; `stock` is that and what moved since. */
    stock_told: integer("stock_told"),
    /** When the shop counted, ms since the epoch: a `stock_update` from before then is out of date. */
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

/** Goods that moved. No row names a shopper; the id of a shopper's order is hashed. */
export const stockMoves = sqliteTable(
  "stock_moves",
  {
    /** The same movement told again has the same. */
    key: text("key").primaryKey(),
    item_id: text("item_id").notNull(),
    /** See `MOVEMENTS` in durable/state/ledger.ts; `order_off` marks an order that was called off. */
    kind: text("kind").notNull(),
    /** Pieces, goods by weight in fractions. */
    quantity: integer("quantity").notNull(),
    /** When it happened, ms since the epoch. */
    at: integer("at").notNull(),
    /** 0 where only somebody with the publishable key said so. */
    trusted: integer("trusted").notNull(),
    order_key: text("order_key"),
  },
  (table) => [
    index("stock_moves_of_item").on(table.item_id, table.at),
    index("stock_moves_of_order").on(table.order_key),
  ],
);

/** What the shop declared for a surface. */
export const surfaceRules = sqliteTable("surface_rules", {
  surface: text("surface").primaryKey(),
  /** JSON, see `Policy` in src/recommend/rules/policy.ts. */
  body: text("body").notNull(),
  changed_at: integer("changed_at").notNull(),
});

/** What was declared before, for whoever wants to see or undo it: the last `KEPT_RULES` of each surface. */
export const ruleChanges = sqliteTable(
  "rule_changes",
  {
    change_id: integer("change_id").primaryKey({ autoIncrement: true }),
    surface: text("surface").notNull(),
    body: text("body").notNull(),
    changed_at: integer("changed_at").notNull(),
  },
  (table) => [index("rule_changes_of_surface").on(table.surface, table.change_id)],
);

export const experiments = sqliteTable("experiments", {
  experiment_id: text("experiment_id").primaryKey(),
  /** JSON, see `Experiment` in src/recommend/experiment/contract.ts. */
  body: text("body").notNull(),
  created_at: integer("created_at").notNull(),
  changed_at: integer("changed_at").notNull(),
});
