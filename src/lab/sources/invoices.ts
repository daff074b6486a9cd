// Turns the rows of UCI Online Retail into events: one purchase per invoice, one refund per cancellation (C...);
// an invoice longer than an event may be comes in parts with the same order number.
// Stock corrections, fees and bad debt are rows of bookkeeping, not events: they are counted. Pure.
import * as z from "zod";
import { MAX_ITEMS } from "../../ingest/read/limits.ts";
import { deriveEventId } from "./event-id.ts";
import type { Skips } from "./skips.ts";
import { CONSENT, roundMoney } from "./source-event.ts";
import type { CatalogueItem, SourceEvent } from "./source-event.ts";

const Row = z.object({
  InvoiceNo: z.coerce.string().min(1),
  StockCode: z.coerce.string().min(1),
  Description: z.string().nullish(),
  Quantity: z.coerce.number(),
  InvoiceDate: z.coerce.date(),
  UnitPrice: z.number(),
  CustomerID: z.union([z.number(), z.bigint(), z.string()]).nullish(),
});
type Row = z.infer<typeof Row>;

/** Postage, carriage, discount, manual entry, bank and marketplace fees, samples, donation, bad debt. */
const NOT_PRODUCTS = new Set([
  "POST",
  "DOT",
  "C2",
  "D",
  "M",
  "BANK CHARGES",
  "AMAZONFEE",
  "S",
  "CRUK",
  "B",
]);

const CURRENCY = "GBP";

/** Why a row is no line of a purchase or refund, or null where it is one. */
function refuseRow(row: Row): string | null {
  if (NOT_PRODUCTS.has(row.StockCode.toUpperCase())) return "fee, discount or other non-product";
  const cancels = row.InvoiceNo.startsWith("C");
  if (!cancels && row.Quantity <= 0) return "stock correction";
  if (row.UnitPrice === 0 && row.CustomerID == null) return "stock correction";
  if (row.UnitPrice < 0 || (cancels && row.Quantity >= 0)) return "impossible price or quantity";
  return null;
}

/** The rows that are lines of a purchase or refund; all others are counted by reason. */
function readRows(objects: readonly unknown[], skips: Skips): Row[] {
  const rows: Row[] = [];
  for (const object of objects) {
    const row = Row.safeParse(object);
    if (!row.success) {
      skips.lose(`bad ${row.error.issues[0]?.path.join(".") || "row"}`);
      continue;
    }
    const reason = refuseRow(row.data);
    if (reason === null) rows.push(row.data);
    else skips.add(reason);
  }
  return rows;
}

function describe(rows: readonly Row[]): string {
  return rows.map((row) => `${row.StockCode},${row.Quantity},${row.UnitPrice}`).join("\n");
}

function toEvents(invoice: string, rows: readonly Row[]): SourceEvent[] {
  const events: SourceEvent[] = [];
  const [first] = rows;
  if (first === undefined) return events;
  for (let start = 0; start < rows.length; start += MAX_ITEMS) {
    const part = rows.slice(start, start + MAX_ITEMS);
    events.push(toEvent(invoice, events.length + 1, part, first));
  }
  return events;
}

function toEvent(invoice: string, part: number, rows: readonly Row[], first: Row): SourceEvent {
  const items = rows.map((row) => ({
    item_id: row.StockCode,
    price: row.UnitPrice,
    quantity: Math.abs(row.Quantity),
  }));
  const isCreditNote = invoice.startsWith("C");
  return {
    event_id: deriveEventId("online-retail", `${invoice}.${part}`, describe(rows)),
    name: isCreditNote ? "refund" : "purchase",
    // An invoice may span two minutes: it counts from its first row on.
    timestamp: first.InvoiceDate.getTime(),
    // A sale without a customer number is a guest whom no other sale can be linked to.
    anonymous_id: first.CustomerID == null ? `guest-${invoice}` : String(first.CustomerID),
    items,
    // A credit note has a number of its own and does not say which sale it is of.
    ...(isCreditNote ? {} : { transaction_id: invoice }),
    value: roundMoney(items.reduce((sum, item) => sum + item.price * item.quantity, 0)),
    currency: CURRENCY,
    consent: CONSENT,
  };
}

/** The events of all invoices, in event-time order. */
export function readInvoices(objects: readonly unknown[], skips: Skips): SourceEvent[] {
  const invoices = Map.groupBy(readRows(objects, skips), (row) => row.InvoiceNo);
  return [...invoices]
    .flatMap(([invoice, rows]) => toEvents(invoice, rows))
    .sort((a, b) => a.timestamp - b.timestamp);
}

/** Every product with its last known description and price. */
export function readProducts(objects: readonly unknown[], skips: Skips): CatalogueItem[] {
  const items = new Map<string, CatalogueItem>();
  for (const row of readRows(objects, skips)) {
    const name = row.Description?.trim() || items.get(row.StockCode)?.item_name;
    items.set(row.StockCode, {
      item_id: row.StockCode,
      ...(name === undefined ? {} : { item_name: name }),
      price: row.UnitPrice,
      currency: CURRENCY,
    });
  }
  return [...items.values()];
}
