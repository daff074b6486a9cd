// Items as JSON: one a line, or one array of them.
import {
  JSON_FAULTS,
  readJsonArray,
  readJsonLines,
  type JsonRecord,
} from "../../files/json-records.ts";
import type { RefusalCode } from "../line/refusal.ts";
import { MAX_ITEM, refuseLong, refuseRow, type FeedRow } from "./feed-row.ts";

export function readNdjson(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FeedRow> {
  return toRows(readJsonLines(bytes, MAX_ITEM));
}

/** `line` of a row is the number of its element, from 1: an array may be one line. */
export function readJsonFeed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FeedRow> {
  return toRows(readJsonArray(bytes, MAX_ITEM));
}

const CODES: Record<Exclude<keyof typeof JSON_FAULTS, "too_long">, RefusalCode> = {
  not_utf8: "invalid_utf8",
  no_json: "invalid_json",
  no_object: "invalid_json",
};

async function* toRows(records: AsyncIterable<JsonRecord>): AsyncGenerator<FeedRow> {
  for await (const record of records) {
    if (record.kind === "broken") yield record;
    else if (record.kind === "record") yield { ...record, kind: "item" };
    else if (record.reason === "too_long") yield refuseLong(record.line);
    else yield refuseRow(record.line, CODES[record.reason], JSON_FAULTS[record.reason]);
  }
}
