// A shop's history in a file of any form: finds out whose form it has, and reads it as events.
import { SourceError } from "../sources/source-event.ts";
import { ga4Reader, isGa4Export } from "./ga4-export.ts";
import { createMappedReader } from "./mapped.ts";
import { applyMap, findMissing, guessMapping, type Mapping } from "./mapping.ts";
import { isMessage, messageReader } from "./messages.ts";
import { readMap } from "./read-map.ts";
import { openRecords } from "./record-file.ts";
import type { HistoryRow, RecordFile, RowReader } from "./record.ts";
import { isShopifyOrders, ShopifyOrders } from "./shopify-orders.ts";

export type HistoryOptions = {
  /** `event_time=ts,user_id=uid` or a JSON file of such pairs: over what the names of columns say. */
  map?: string;
  /** Of times that do not say theirs: `Z`, `+02:00`. */
  zone?: string;
};

export type History = {
  /** What it is, for people. */
  name: string;
  form: RecordFile["form"];
  columns: readonly string[];
  /** What each column says; null where the form itself tells. */
  mapping: Mapping | null;
  /** In the order of the file. May be called again; every pass yields the same. */
  rows(): AsyncIterable<HistoryRow>;
};

const UTC = "Z";
const ZONE = /^(?:Z|[+-]\d{2}:?\d{2})$/;
/** Rows looked at to know a form. */
const SAMPLE = 20;
const NAMES = { csv: "a table", json: "JSON", parquet: "Parquet" };

/** @throws SourceError with a sentence where it is no history or its columns are not known. */
export async function openHistory(
  path: string,
  { map, zone = UTC }: HistoryOptions = {},
): Promise<History> {
  if (!ZONE.test(zone)) throw new SourceError(`"${zone}" is no time zone such as Z or +02:00.`);
  const file = await openRecords(path);
  const { form, columns } = file;
  const open = (
    name: string,
    reader: () => RowReader,
    mapping: Mapping | null = null,
  ): History => ({
    name,
    form,
    columns,
    mapping,
    rows: () => readAll(file, reader()),
  });
  if (map === undefined) {
    if (isGa4Export(columns)) return open("GA4's export to BigQuery", () => ga4Reader);
    if (isShopifyOrders(columns)) {
      return open("Shopify's order export", () => new ShopifyOrders(zone));
    }
    if (form === "json" && (await holdsMessages(file))) {
      return open("messages as the Worker takes them", () => messageReader);
    }
  }
  const guessed = guessMapping(columns);
  const mapping = map === undefined ? guessed : applyMap(guessed, readMap(map), columns);
  const missing = findMissing(mapping);
  if (missing !== null) {
    throw new SourceError(
      `${path} looks like ${NAMES[form]} with the columns ${columns.join(", ")}. ${missing}. ` +
        "Name them: --map event_time=<column>,user_id=<column>,item_id=<column>,event=<column>.",
    );
  }
  return open(`${NAMES[form]} of events`, () => createMappedReader(mapping, zone), mapping);
}

async function holdsMessages(file: RecordFile): Promise<boolean> {
  let seen = 0;
  for await (const record of file.records()) {
    if (record.kind === "record" && isMessage(record.fields)) return true;
    if (++seen >= SAMPLE) return false;
  }
  return false;
}

async function* readAll(file: RecordFile, reader: RowReader): AsyncGenerator<HistoryRow> {
  for await (const record of file.records()) {
    if (record.kind === "bad") yield record;
    else yield* reader.push(record.line, record.fields);
  }
  yield* reader.finish();
}
