// Tells the form of a feed by how it begins, and reads it. What a sender says it is decides only where that does not.
import { openBytes } from "../../files/open-bytes.ts";
import type { FeedRow } from "./feed-row.ts";
import { readGoogleXml } from "./google.ts";
import { readJsonFeed, readNdjson } from "./json-feed.ts";
import { readTable } from "./table-feed.ts";

export type FeedForm = "ndjson" | "json" | "xml" | "table";

export type Feed = { form: FeedForm; rows: AsyncIterable<FeedRow> };

/** An object that only holds the array. */
const WRAPPED_ARRAY = /^\{\s*"(?:items|products)"\s*:\s*\[/;
const JSON_TYPE = /json/i;

/** @throws UnreadableFile with a sentence where it is none of the forms' bytes at all. */
export async function openFeed(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  contentType = "",
): Promise<Feed> {
  const { bytes, head } = await openBytes(stream, contentType);
  const form = guessForm(head, contentType);
  const [header = ""] = head.trimStart().split("\n");
  const read = {
    ndjson: () => readNdjson(bytes),
    json: () => readJsonFeed(bytes),
    xml: () => readGoogleXml(bytes),
    table: () => readTable(bytes, header),
  };
  return { form, rows: endWithFault(read[form]()) };
}

function guessForm(head: string, contentType: string): FeedForm {
  const start = head.trimStart();
  if (start.startsWith("<")) return "xml";
  if (start.startsWith("[") || WRAPPED_ARRAY.test(start)) return "json";
  return start === "" || start.startsWith("{") || JSON_TYPE.test(contentType) ? "ndjson" : "table";
}

/** A stream that breaks off, as a damaged gzip file does, ends the rows with a sentence. */
async function* endWithFault(rows: AsyncIterable<FeedRow>): AsyncGenerator<FeedRow> {
  let line = 0;
  try {
    for await (const row of rows) {
      ({ line } = row);
      yield row;
    }
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    yield { kind: "broken", line: line + 1, message: `The data breaks off: ${cause}` };
  }
}
