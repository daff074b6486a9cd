// Shopify's order CSV: a row a line of an order, of which only the first tells of the order as a whole.
import { deriveEventId } from "../sources/event-id.ts";
import { readAmount, readText } from "./mapped.ts";
import { dropAbsent } from "./record.ts";
import type { Fields, HistoryEvent, HistoryLine, HistoryRow, RowReader } from "./record.ts";
import { readHistoryTime } from "./time.ts";

export function isShopifyOrders(columns: readonly string[]): boolean {
  return ["Name", "Created at", "Lineitem quantity", "Lineitem price"].every((name) =>
    columns.includes(name),
  );
}

type Row = { line: number; fields: Fields };

export class ShopifyOrders implements RowReader {
  readonly #zone: string;
  #rows: Row[] = [];

  constructor(zone: string) {
    this.#zone = zone;
  }

  push(line: number, fields: Fields): HistoryRow[] {
    const isSame = this.#rows[0]?.fields["Name"] === fields["Name"];
    const found = isSame ? [] : this.finish();
    this.#rows.push({ line, fields });
    return found;
  }

  finish(): HistoryRow[] {
    const rows = this.#rows;
    this.#rows = [];
    const [first] = rows;
    return first === undefined ? [] : readOrder(first, rows, this.#zone);
  }
}

function readOrder({ line, fields }: Row, rows: readonly Row[], zone: string): HistoryRow[] {
  const bad = (code: string, reason: string): HistoryRow[] => [{ kind: "bad", line, code, reason }];
  const transaction_id = readText(fields["Id"]) ?? readText(fields["Name"]);
  const timestamp = readHistoryTime(fields["Created at"], zone);
  if (transaction_id === undefined)
    return bad("missing_order", "Neither Id nor Name says which order it is.");
  if (timestamp === null)
    return bad("invalid_time", `"${String(fields["Created at"])}" is no time.`);
  const items = rows.flatMap((row) => readLine(row.fields));
  if (items.length === 0) return bad("missing_items", "No line of the order names an item.");
  const email = readText(fields["Email"])?.toLowerCase();
  const base = {
    ...(email === undefined ? { anonymous_id: `order-${transaction_id}` } : { user_id: email }),
    transaction_id,
    ...dropAbsent({ currency: readText(fields["Currency"]) }),
  };
  const make = (
    name: HistoryEvent["name"],
    at: number,
    more: Partial<HistoryEvent>,
  ): HistoryRow => ({
    kind: "event",
    line,
    event: {
      event_id: deriveEventId("shopify-order", name, transaction_id),
      name,
      timestamp: at,
      ...base,
      ...more,
    },
  });
  const value = readAmount(fields["Total"]);
  const coupon = readText(fields["Discount Code"]);
  const found = [make("purchase", timestamp, { items, ...dropAbsent({ value, coupon }) })];
  const cancelled = readHistoryTime(fields["Cancelled at"], zone);
  if (cancelled !== null) found.push(make("cancel", cancelled, {}));
  const refunded = readAmount(fields["Refunded Amount"]) ?? 0;
  // The file does not say when; the order itself is all that is known to be before it.
  if (cancelled === null && refunded > 0)
    found.push(make("refund", timestamp + 1, { value: refunded }));
  return found;
}

function readLine(fields: Fields): HistoryLine[] {
  const item_id = readText(fields["Lineitem sku"]) ?? readText(fields["Lineitem name"]);
  if (item_id === undefined) return [];
  const line = dropAbsent({
    price: readAmount(fields["Lineitem price"]),
    quantity: readAmount(fields["Lineitem quantity"]),
    item_brand: readText(fields["Vendor"]),
  });
  return [{ item_id, ...line }];
}
