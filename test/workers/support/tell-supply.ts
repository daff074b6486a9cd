// What a buyer may tell of, over HTTP.
import { request } from "./api.ts";

/** Everything that the buyer may tell of, for an item that is there and one that is not. */
export async function tellSupply(): Promise<void> {
  const supplier = { supplier_id: "north", lead_time_days: 9 };
  await request("PUT", "/v1/suppliers", { body: { suppliers: [supplier] } });
  const terms = { item_id: "boots", supplier_id: "north", pack_size: 6, unit_cost: 41.5 };
  await request("PUT", "/v1/supply/items", { body: { items: [terms] } });
  await request("PUT", "/v1/stock", { body: { items: [{ item_id: "boots", stock: 9 }] } });
  const lines = [{ item_id: "boots", quantity: 12 }];
  const order = { purchase_order_id: "po-1", supplier_id: "north", lines };
  await request("POST", "/v1/supply/orders", { body: order });
  await request("POST", "/v1/supply/orders", { body: { ...order, supplier_id: null } });
  for (const id of ["po-1", "absent"]) {
    const body = { receipt_id: "r", lines };
    await request("POST", `/v1/supply/orders/${id}/receipts`, { body });
    await request("POST", `/v1/supply/orders/${id}/cancel`);
  }
  for (const item_id of ["boots", "absent"]) {
    const body = { movement_id: "m", item_id, kind: "correction", quantity: -1 };
    await request("POST", "/v1/supply/movements", { body });
    await request("POST", `/v1/supply/reorder/${item_id}`, { body: { state: "snoozed" } });
    await request("GET", `/v1/supply/items/${item_id}/ledger`);
  }
  await request("GET", "/v1/suppliers");
  for (const format of ["json", "csv"]) {
    await request("GET", `/v1/supply/reorder?state=all&format=${format}`);
  }
}
