// What the shop said of its suppliers and goods, and what became of suggestions. Movements are src/catalog's.
import { integer, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const suppliers = sqliteTable("suppliers", {
  supplier_id: text("supplier_id").primaryKey(),
  name: text("name"),
  /** From order to receipt: what the supplier says, days, and by how much it varies (standard deviation). */
  lead_time_days: real("lead_time_days").notNull(),
  lead_time_spread_days: real("lead_time_spread_days").notNull(),
  /** Smallest order, minor units of the shop's currency; null for none. */
  minimum_order: integer("minimum_order"),
  /** Weekdays on which orders can be placed, a JSON array of 1 (Monday) to 7; null for all. */
  order_weekdays: text("order_weekdays"),
});

/** How an item is bought. */
export const supplyItems = sqliteTable("supply_items", {
  item_id: text("item_id").primaryKey(),
  supplier_id: text("supplier_id"),
  pack_size: real("pack_size"),
  minimum_quantity: real("minimum_quantity"),
  /** Minor units of the shop's currency. */
  unit_cost: integer("unit_cost"),
  /** Wanted chance not to run out in one cycle, 0 to 1; null: by class. */
  service_level: real("service_level"),
});

export const purchaseOrders = sqliteTable("purchase_orders", {
  purchase_order_id: text("purchase_order_id").primaryKey(),
  supplier_id: text("supplier_id"),
  placed_at: integer("placed_at").notNull(),
  expected_at: integer("expected_at"),
  cancelled_at: integer("cancelled_at"),
});

/** What somebody decided about the suggestion for an item; without a row it is open. */
export const reorderDecisions = sqliteTable("reorder_decisions", {
  item_id: text("item_id").primaryKey(),
  state: text("state", { enum: ["snoozed", "ordered", "dismissed"] }).notNull(),
  /** The suggestion is open again from then on, ms since the epoch. */
  until: integer("until").notNull(),
  decided_at: integer("decided_at").notNull(),
});
