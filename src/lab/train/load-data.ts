// Whatever `--data` names, as next-item data: a session file, any log that can be replayed, or an export folder.
import { statSync } from "node:fs";
import { basename } from "node:path";
import { SessionCollector } from "../../../models/next-item/data/event-log.ts";
import type { CollectedLog, ItemFacts } from "../../../models/next-item/data/event-log.ts";
import type { NextItemData } from "../../../models/next-item/data/dataset.ts";
import { guessSource } from "../guess-source.ts";
import { openLog } from "../open-log.ts";
import { readSessionFile } from "../sources/index.ts";
import { loadExport } from "./load-export.ts";

export type LoadedData = { data: NextItemData; vocabulary: string[]; source: string };

export type LoadOptions = {
  /** What kind of log it is; without it, name and first line tell. */
  source?: string;
  /** Of an export that does not say it. */
  currency?: string;
  /** What the columns of a file say, `event_time=ts,user_id=uid`, where their names do not tell. */
  map?: string;
};

export async function loadData(
  path: string,
  { source, currency, map }: LoadOptions = {},
): Promise<LoadedData> {
  if (isExport(path)) return loadExport(path, currency);
  const kind = source ?? (await guessSource(path, map));
  return kind === "sessions" ? loadSessions(path) : loadLog(path, kind, map);
}

export function isExport(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
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

export async function loadLog(
  path: string,
  source: string,
  map?: string,
): Promise<LoadedData & CollectedLog> {
  const log = openLog(source, path, { map });
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
  for (const [reason, rows] of Object.entries(log.skipped())) {
    console.error(`${rows} rows of ${basename(path)} are in no event: ${reason}`);
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
