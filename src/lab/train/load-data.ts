// Whatever `--data` names, as next-item data: a session file, any log that can be replayed, or an export folder.
import { statSync } from "node:fs";
import { createInterface } from "node:readline";
import { basename } from "node:path";
import { SessionCollector, EVENT_TYPES } from "../../../models/next-item/data/event-log.ts";
import type { EventType, ItemFacts } from "../../../models/next-item/data/event-log.ts";
import type { NextItemData, SessionSequence } from "../../../models/next-item/data/dataset.ts";
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

/** `source` says what kind of log it is; without it, name and first line tell. */
export async function loadData(path: string, source?: string): Promise<LoadedData> {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return loadExport(path);
  const kind = source ?? (await guessSource(path));
  return kind === "sessions" ? loadSessions(path) : loadLog(path, kind);
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

async function loadSessions(path: string): Promise<LoadedData> {
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

/** @param note gets where each item event went, with the number of the event in the log, from 0 */
export async function loadLog(
  path: string,
  source: string,
  note?: (session: SessionSequence, at: number, event: number) => void,
): Promise<LoadedData> {
  const log = openLog(source, path);
  const collector = new SessionCollector();
  let number = -1;
  for await (const event of log.events()) {
    number++;
    const type = EVENT_TYPES.find((name) => name === event.name);
    if (!type) continue;
    for (const { item_id: item } of event.items ?? []) {
      const { session, at } = collector.add({
        shopper: event.anonymous_id,
        session: event.session_id ?? null,
        item,
        type: type satisfies EventType,
        timestamp: event.timestamp,
      });
      note?.(session, at, number);
    }
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
