// An export folder as next-item data: the event log as Parquet, one folder a day (`dt=YYYY-MM-DD/part-*.parquet`).
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import * as z from "zod";
import { EVENT_TYPES, SessionCollector } from "../../../models/next-item/data/event-log.ts";
import type { EventType, ItemFacts } from "../../../models/next-item/data/event-log.ts";
import type { LoadedData } from "./load-data.ts";

/** 64-bit columns come as bigint. */
const whole = z.union([z.number(), z.bigint().transform(Number)]);

/** Of the log's columns, those that training reads; see `events` in src/log/schema.ts. */
const Row = z.object({
  shopper: z.string(),
  event_id: z.string(),
  line: whole,
  name: z.string(),
  /** ms */
  timestamp: z.union([whole, z.date().transform(Number)]),
  session_id: z.string().nullish(),
  item_id: z.string().nullish(),
  /** Minor units. */
  price: whole.nullish(),
  category: z.string().nullish(),
  brand: z.string().nullish(),
});

const COLUMNS = Object.keys(Row.shape);
/** Prices only choose a bucket, so that two decimals are right for nearly all currencies is enough. */
const MINOR_UNITS = 100;

type ItemRow = z.infer<typeof Row> & { type: EventType; item: string };

/** Throws, with a sentence, where the folder holds no part or a part is no event log. */
export async function loadExport(folder: string): Promise<LoadedData> {
  const parts = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".parquet"))
    .toSorted();
  if (parts.length === 0) throw new Error(`${folder} holds no .parquet part of an export.`);
  const rows = (await Promise.all(parts.map((part) => readPart(join(folder, part))))).flat();
  rows.sort(compareRows);

  const collector = new SessionCollector();
  const facts = new Map<string, ItemFacts>();
  for (const { shopper, session_id, item, type, timestamp, category, brand, price } of rows) {
    collector.add({ shopper, session: session_id ?? null, item, type, timestamp });
    const before = facts.get(item);
    facts.set(item, {
      category: category ?? before?.category ?? null,
      brand: brand ?? before?.brand ?? null,
      price: price == null ? (before?.price ?? null) : price / MINOR_UNITS,
    });
  }
  return { ...collector.finish(facts), source: basename(folder) };
}

async function readPart(path: string): Promise<ItemRow[]> {
  const file = await asyncBufferFromFile(path);
  const objects = await parquetReadObjects({ file, columns: COLUMNS });
  const rows = z.array(Row).safeParse(objects);
  if (!rows.success) {
    const [issue] = rows.error.issues;
    throw new Error(`${path} is no event log: ${issue?.path.join(".")}: ${issue?.message}.`);
  }
  return rows.data.flatMap((row) => {
    const type = EVENT_TYPES.find((name) => name === row.name);
    return type && row.item_id ? [{ ...row, type, item: row.item_id }] : [];
  });
}

/** Event time, then the order in which the folds take events, then the item's index in its event. */
function compareRows(a: ItemRow, b: ItemRow): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  if (a.event_id !== b.event_id) return a.event_id < b.event_id ? -1 : 1;
  return a.line - b.line;
}
