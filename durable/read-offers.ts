// Asks D1 for what reminders hang on: the shop's rules, and prices and stock of a cart. The tables belong to src/carts and
// src/catalog; only the columns named here are known.
import { NO_REMINDERS, type ReminderRules } from "./state/reminders/rules.ts";
import type { ItemFact } from "./state/reminders/state.ts";

export async function readReminderRules(db: D1Database): Promise<ReminderRules> {
  const row = await db.prepare("SELECT body FROM reminder_rules").first<{ body: string }>();
  if (row === null) return NO_REMINDERS;
  const rules: ReminderRules = JSON.parse(row.body);
  return rules;
}

/** Items that are hidden or deleted are out of stock. One bound parameter however many they are. */
export async function readFacts(
  db: D1Database,
  itemIds: readonly string[],
): Promise<Record<string, ItemFact>> {
  if (itemIds.length === 0) return {};
  const { results } = await db
    .prepare(
      `SELECT item_id, coalesce(sale_price, price) AS price, CASE
        WHEN hidden OR deleted OR availability IS 'out_of_stock' THEN 0
        WHEN availability IN ('preorder', 'backorder') THEN NULL
        ELSE stock END AS for_sale
      FROM items WHERE item_id IN (SELECT value FROM json_each(?))`,
    )
    .bind(JSON.stringify(itemIds))
    .all<ItemFact & { item_id: string }>();
  return Object.fromEntries(
    results.map(({ item_id, price, for_sale }) => [item_id, { price, for_sale }]),
  );
}
