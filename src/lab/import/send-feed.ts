// Sends a product feed of any form to `PUT /v1/items`, some thousand items at a time, with the lines of the feed kept.
import { openAsBlob } from "node:fs";
import * as z from "zod";
import { openFeed, type Feed } from "../../catalog/feed/open-feed.ts";
import { expectStatus, type Api } from "../../client/api.ts";
import { probeFile } from "../sources/text-file.ts";
import { SourceError } from "../sources/source-event.ts";
import type { Refused } from "./survey.ts";

/** Items of one request: a second of work for the Worker. */
const ITEMS = 2000;
/** Characters of one request. */
const MAX_CHARACTERS = 4_000_000;

const Report = z.object({
  accepted: z.int(),
  errors: z.array(z.object({ line: z.int(), code: z.string(), message: z.string() })),
  notes: z.array(z.object({ field: z.string(), code: z.string(), lines: z.int() })),
});

export type FeedSent = {
  read: number;
  accepted: number;
  refused: Refused[];
  /** Lines by field and what was done about it: taken otherwise than they stand, or left out. */
  notes: Map<string, number>;
  complete: boolean;
};

/** A file, or an address that is fetched. @throws SourceError with a sentence */
export async function readFeed(from: string): Promise<Feed> {
  if (!/^https?:\/\//.test(from)) {
    probeFile(from);
    return await openFeed((await openAsBlob(from)).stream());
  }
  const response = await fetch(from);
  if (!response.ok || response.body === null)
    throw new SourceError(`${from} answers with status ${response.status}.`);
  return await openFeed(response.body, response.headers.get("content-type") ?? "");
}

/** Yields after each request what was done so far. */
export async function* sendFeed(api: Api, feed: Feed): AsyncGenerator<FeedSent> {
  const sent: FeedSent = { read: 0, accepted: 0, refused: [], notes: new Map(), complete: true };
  let lines: number[] = [];
  let texts: string[] = [];
  let characters = 0;
  const flush = async () => {
    const answer = await api.send("PUT", "/v1/items", texts.join("\n"), "application/x-ndjson");
    const report = Report.parse(expectStatus(answer, 200, "PUT /v1/items"));
    sent.accepted += report.accepted;
    for (const { line, code, message } of report.errors)
      sent.refused.push({ line: lines[line - 1] ?? 0, code, message });
    for (const { field, code, lines } of report.notes) {
      const note = `${field} was not taken as it is (${code})`;
      sent.notes.set(note, (sent.notes.get(note) ?? 0) + lines);
    }
    [lines, texts, characters] = [[], [], 0];
  };
  for await (const row of feed.rows) {
    if (row.kind === "item") {
      const text = JSON.stringify(row.fields);
      lines.push(row.line);
      texts.push(text);
      characters += text.length;
      sent.read += 1;
    } else {
      const code = row.kind === "refused" ? row.code : "broken_feed";
      sent.refused.push({ line: row.line, code, message: row.message });
      if (row.kind === "broken") sent.complete = false;
    }
    if (lines.length < ITEMS && characters < MAX_CHARACTERS) continue;
    await flush();
    yield sent;
  }
  if (lines.length > 0) await flush();
  yield sent;
}
