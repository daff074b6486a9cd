// `PUT /v1/items` and the pull of a feed: take a stream of items into D1 chunk by chunk, and keep a verdict on each line
// that was refused and each field that was not taken as it is. Items that a feed does not have stay as they are.
import type { Feed, FeedForm } from "./feed/open-feed.ts";
import { readItem, type ItemChange, type ToMinorUnits } from "./line/read-item.ts";
import type { Refusal } from "./line/refusal.ts";
import { FieldNotes, type FieldNote } from "./line/note.ts";
import { CHUNK_CHARACTERS, CHUNK_ROWS, writeItems } from "./write-items.ts";
import { log } from "../../durable/log-line.ts";

/** Verdicts in the answer; further bad lines are counted. Bounds the answer to about 10 MB. */
const MAX_REJECTED = 50_000;

export type RejectedLine = { line: number } & Refusal;

export type ImportReport = {
  /** What the feed was read as. */
  form: FeedForm;
  /** Lines taken in and written, and lines refused. */
  accepted: number;
  rejected: number;
  errors: RejectedLine[];
  notes: FieldNote[];
  /** False where the feed could not be read to its end; the last of `errors` says where and why. */
  complete: boolean;
  /** Set where D1 failed: lines before this one are written, the rest must be sent again. */
  failed_at_line: number | null;
};

export async function importItems(
  database: D1Database,
  feed: Feed,
  toMinorUnits: ToMinorUnits,
  now: number,
): Promise<ImportReport> {
  const { form } = feed;
  const counts = { accepted: 0, rejected: 0, complete: true, failed_at_line: null };
  const report: ImportReport = { form, ...counts, errors: [], notes: [] };
  const notes = new FieldNotes();
  let chunk: ItemChange[] = [];
  let characters = 0;
  let firstLine = 1;

  async function flush(): Promise<boolean> {
    try {
      await writeItems(database, chunk, now);
    } catch (error) {
      log("error", "catalogue_not_written", { from_line: firstLine }, error);
      report.failed_at_line = firstLine;
      return false;
    }
    report.accepted += chunk.length;
    chunk = [];
    characters = 0;
    return true;
  }

  function reject({ line, code, message }: RejectedLine): void {
    report.rejected += 1;
    if (report.errors.length < MAX_REJECTED) report.errors.push({ line, code, message });
  }

  for await (const row of feed.rows) {
    if (row.kind === "broken") {
      report.complete = false;
      report.errors.push({ line: row.line, code: "broken_feed", message: row.message });
      break;
    }
    if (row.kind === "refused") {
      reject(row);
      continue;
    }
    const read = readItem(row.fields, toMinorUnits);
    if (!read.ok) {
      reject({ line: row.line, ...read.reason });
      continue;
    }
    notes.add(row.line, read.value.notes);
    if (chunk.length === 0) firstLine = row.line;
    chunk.push(read.value.change);
    characters += row.size;
    if (chunk.length >= CHUNK_ROWS || characters >= CHUNK_CHARACTERS) {
      if (!(await flush())) break;
    }
  }
  if (report.failed_at_line === null) await flush();
  report.notes = notes.list();
  return report;
}
