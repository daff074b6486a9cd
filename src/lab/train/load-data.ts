// Whatever `--data` names, as next-item data: a session file, any log that can be replayed, or an export folder.
import { statSync } from "node:fs";
import { createInterface } from "node:readline";
import { basename } from "node:path";
import { SessionCollector } from "../../../models/next-item/data/event-log.ts";
import type { CollectedLog, ItemFacts } from "../../../models/next-item/data/event-log.ts";
import type { NextItemData } from "../../../models/next-item/data/dataset.ts";
import { openLog } from "../open-log.ts";
import { readSessionFile } from "../sources/index.ts";
import { openText } from "../sources/text-file.ts";
import { loadExport } from "./load-export.ts";

export type LoadedData = { data: NextItemData; vocabulary: string[]; source: string };

/** First lines by which a log is known. */
const HEADERS: readonly (readonly [start: string, source: string])[] = [
  ["timestamp,visitor_id,event,", "retailrocket"],
  ["event_time,event_type,product_id,", "rees46"],
];

export type LoadOptions = {
  /** What kind of log it is; without it, name and first line tell. */
  source?: string;
  /** Of an export that does not say it. */
  currency?: string;
};

export async function loadData(
  path: string,
  { source, currency }: LoadOptions = {},
): Promise<LoadedData> {
  if (isExport(path)) return loadExport(path, currency);
  const kind = source ?? (await guessSource(path));
  return kind === "sessions" ? loadSessions(path) : loadLog(path, kind);
}

export function isExport(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** What kind of log a file is, by its name and first line. */
export async function guessSource(path: string): Promise<string> {
  if (path.endsWith(".parquet")) return "online-retail";
  const first = await firstLine(path);
  if (first.startsWith("{")) return "simulated";
  return HEADERS.find(([start]) => first.startsWith(start))?.[1] ?? "sessions";
}

async function firstLine(path: string): Promise<string> {
  const input = openText(path);
  for await (const line of createInterface({ input })) {
    input.destroy();
    return line;
  }
  return "";
}

export async function loadSessions(path: string): Promise<LoadedData> {
  const indices = new Map<string, number>();
  const sessions = (await readSessionFile(path)).map((ids) => ({
    items: ids.map((id) => {
      const known = indices.get(id) ?? indices.size;
      indices.set(id, known);
      return known;
    }),
  }));
  const data = { sessions, items: indices.size };
  return { data, vocabulary: [...indices.keys()], source: basename(path) };
}

export async function loadLog(path: string, source: string): Promise<LoadedData & CollectedLog> {
  const log = openLog(source, path);
  const collector = new SessionCollector();
  for await (const { anonymous_id, session_id, name, timestamp, items } of log.events()) {
    collector.add({
      shopper: anonymous_id,
      session_id: session_id ?? null,
      name,
      timestamp,
      items: items ?? [],
    });
  }
  const facts = new Map<string, ItemFacts>();
  for (const entry of await log.catalogue()) facts.set(entry.item_id, factsOf(entry));
  return { ...collector.finish(facts), source: basename(path) };
}

export type CatalogueLine = {
  item_id: string;
  item_category?: string;
  item_brand?: string;
  price?: number;
};

function factsOf({ item_category, item_brand, price }: CatalogueLine): ItemFacts {
  return { category: item_category ?? null, brand: item_brand ?? null, price: price ?? null };
}
