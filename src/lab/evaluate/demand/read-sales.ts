// Daily sales from UCI Online Retail as the published figures count them: rows of a positive quantity and price,
// cancellations (C...) left out.
import * as z from "zod";
import { DAY_MS } from "../../../../models/demand/data/panel.ts";
import type { Panel } from "../../../../models/demand/data/panel.ts";
import { readParquetRows } from "../../sources/parquet-rows.ts";
import { probeFile } from "../../sources/text-file.ts";

const Row = z.object({
  InvoiceNo: z.coerce.string(),
  StockCode: z.coerce.string(),
  Quantity: z.coerce.number(),
  InvoiceDate: z.coerce.date(),
  UnitPrice: z.number(),
});

/** Sales that an item's price is taken from. */
const FIRST_SALES = 20;

export async function readSales(path: string): Promise<Panel> {
  probeFile(path);
  const rows: { item: string; day: number; units: number; price: number }[] = [];
  for await (const object of readParquetRows(path, Object.keys(Row.shape))) {
    const row = Row.safeParse(object);
    if (!row.success) continue;
    const { InvoiceNo, StockCode, Quantity, InvoiceDate, UnitPrice } = row.data;
    if (InvoiceNo.startsWith("C") || Quantity <= 0 || UnitPrice <= 0) continue;
    const day = Math.floor(InvoiceDate.getTime() / DAY_MS);
    rows.push({ item: StockCode, day, units: Quantity, price: UnitPrice });
  }
  return toPanel(rows);
}

function toPanel(
  rows: readonly { item: string; day: number; units: number; price: number }[],
): Panel {
  const byItem = Map.groupBy(rows, ({ item }) => item);
  const items = [...byItem.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  const firstDay = rows.reduce((first, { day }) => Math.min(first, day), Infinity);
  const days = rows.reduce((last, { day }) => Math.max(last, day), 0) - firstDay + 1;
  const units = new Float32Array(items.length * days);
  const prices = new Float32Array(items.length);
  for (const [index, item] of items.entries()) {
    const sales = byItem.get(item) ?? [];
    for (const { day, units: sold } of sales) {
      const at = index * days + day - firstDay;
      units[at] = (units[at] ?? 0) + sold;
    }
    // Of an item's first sales alone: a forecast must not know later ones.
    const first = sales.slice(0, FIRST_SALES);
    const sorted = first.map(({ price }) => price).toSorted((a, b) => a - b);
    prices[index] = sorted[sorted.length >> 1] ?? 0;
  }
  return { items, firstDay, days, units, prices };
}
