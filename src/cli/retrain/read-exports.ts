// From export files to what a next-item model learns from. Cleaning has happened: sessions are told, gaps filled.
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import * as z from "zod";
import type { NextItemData } from "../../../models/next-item/dataset.ts";
import {
  EVENT_TYPES,
  SessionCollector,
  type ItemFacts,
} from "../../../models/next-item/event-log.ts";

const Row = z.object({
  seq: z.coerce.number(),
  shopper: z.string(),
  session: z.string(),
  name: z.string(),
  timestamp: z.date(),
  item_id: z.string().nullable(),
  price: z.union([z.bigint(), z.number()]).nullable(),
  category: z.string().nullable(),
  brand: z.string().nullable(),
  outlier: z.string().nullable(),
});

type Row = z.infer<typeof Row>;

export type ExportedData = { data: NextItemData; vocabulary: string[] };

export async function readExports(
  paths: readonly string[],
  minorUnits: number,
): Promise<ExportedData> {
  const rows: Row[] = [];
  for (const path of paths) {
    const file = await asyncBufferFromFile(path);
    const read = await parquetReadObjects({ file, columns: Object.keys(Row.shape) });
    for (const row of z.array(Row).parse(read)) rows.push(row);
  }
  // A late event stands in a later file, but in the sessions at its own time.
  rows.sort((a, b) => a.timestamp.getTime() - b.timestamp.getTime() || a.seq - b.seq);
  const collector = new SessionCollector();
  const facts = new Map<string, ItemFacts>();
  for (const row of rows) {
    const type = EVENT_TYPES.find((name) => name === row.name);
    if (row.item_id === null || type === undefined) continue;
    collector.add({
      shopper: row.shopper,
      session: `${row.shopper}\n${row.session}`,
      item: row.item_id,
      type,
      timestamp: row.timestamp.getTime(),
    });
    facts.set(row.item_id, learnFacts(row, facts.get(row.item_id), minorUnits));
  }
  return collector.finish(facts);
}

/** The latest that is known; a price that was marked as impossible teaches nothing. */
function learnFacts(row: Row, known: ItemFacts | undefined, minorUnits: number): ItemFacts {
  const price = row.price === null || row.outlier !== null ? null : Number(row.price) / minorUnits;
  return {
    category: row.category ?? known?.category ?? null,
    brand: row.brand ?? known?.brand ?? null,
    price: price ?? known?.price ?? null,
  };
}
