// An object that an earlier version of the code wrote goes on as if it had known all that came later.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { deliver, exportOf, shopperNamed, START } from "./shopper-deliveries.ts";

const HOUR = 3_600_000;
/** Enough for the object to fold what is old into its checkpoint. */
const VIEWS = 100;

/** Rewrites what the object holds as versions did that knew neither orders nor variants nor ties. */
async function makeEarlier(name: string): Promise<void> {
  await runInDurableObject(shopperNamed(name), (_, { storage }) => {
    for (const table of ["shopper", "checkpoint"]) {
      storage.sql.exec(`UPDATE ${table} SET state = json_remove(
        json_set(state, '$.profile.purchases.last_order',
          json('{"transaction_id":"T","item_ids":["lamp"]}')),
        '$.profile.counts.cancel', '$.profile.purchases.last_orders', '$.profile.purchases.older',
        '$.cart.lines[0].variant', '$.cart.lines[0].group_id')`);
    }
    storage.sql.exec("UPDATE checkpoint SET floor_tie = NULL, floor_name = NULL");
    storage.sql.exec(
      "UPDATE window_entries SET entry = json_remove(entry, '$.event.tie', '$.event.items[0].variant')",
    );
  });
  await evictDurableObject(shopperNamed(name));
}

it("goes on counting", async () => {
  const stub = shopperNamed("of an earlier version");
  const views = Array.from({ length: VIEWS }, (_, i) =>
    deliver(`v${i}`, { name: "view_item", timestamp: START + 5 * HOUR + i }),
  );
  await stub.ingest([
    deliver("o1", { name: "purchase", transaction_id: "T" }),
    deliver("a1", { name: "add_to_cart", timestamp: START + 1 }),
    ...views,
  ]);
  const before = await exportOf("of an earlier version");
  const { orders, revenue } = before.state.profile.purchases;
  expect({ orders, revenue }).toEqual({ orders: 1, revenue: 900 });
  await makeEarlier("of an earlier version");
  const later = START + 6 * HOUR;
  const { kind } = await stub.ingest([
    deliver("o2", { name: "purchase", transaction_id: "T", timestamp: later }),
    deliver("o3", { name: "purchase", transaction_id: "T2", timestamp: later + 1 }),
    deliver("o4", { name: "purchase", transaction_id: "T3", timestamp: START - HOUR }),
    deliver("c", { name: "cancel", transaction_id: "T2", items: [], timestamp: later + 2 }),
  ]);
  expect(kind).toBe("ingested");
  const { state } = await exportOf("of an earlier version");
  expect(state.profile.purchases).toMatchObject({ orders: 2, revenue: 1_800 });
  expect(state.profile.purchases.bought).toMatchObject([{ times: 2, quantity: 2 }]);
  expect(state.profile.counts).toMatchObject({ cancel: 1, purchase: 2, view_item: VIEWS });
  // The order counts for the cart as for all else.
  expect(state.cart).toMatchObject({ stage: "purchased", lines: [] });
});
