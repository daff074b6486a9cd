// `PUT /v1/items`: takes a stream of lines into D1 chunk by chunk, and keeps a verdict on each bad line.
import { refuse } from "../../durable/state/result.ts";
import { parseItemLine } from "./item-line.ts";
import type { ItemChange, ItemCode, ToMinorUnits } from "./item-line.ts";
import { readLines } from "./ndjson.ts";
import { CHUNK_CHARACTERS, CHUNK_ROWS, writeItems } from "./write-items.ts";

/** Bytes. Attributes may have 16 kB; the rest of an honest line is far smaller. */
const MAX_LINE = 65_536;
/** Verdicts in the answer; further bad lines are counted. Bounds the answer to about 10 MB. */
const MAX_REJECTED = 50_000;

export type RejectedLine = { line: number; code: ItemCode; message: string };

export type ImportReport = {
  /** Lines taken in and written, and lines refused. */
  accepted: number;
  rejected: number;
  errors: RejectedLine[];
  /** Set where D1 failed: lines before this one are written, the rest must be sent again. */
  failed_at_line: number | null;
};

export async function importItems(
  database: D1Database,
  body: ReadableStream<Uint8Array>,
  toMinorUnits: ToMinorUnits,
  now: number,
): Promise<ImportReport> {
  const report: ImportReport = { accepted: 0, rejected: 0, errors: [], failed_at_line: null };
  let chunk: ItemChange[] = [];
  let characters = 0;
  let firstLine = 1;

  async function flush(): Promise<boolean> {
    try {
      await writeItems(database, chunk, now);
    } catch (error) {
      // The error's own text repeats the whole statement; its cause says what was wrong.
      const cause = error instanceof Error ? (error.cause ?? error.name) : error;
      console.error(JSON.stringify({ message: "catalogue not written", error: String(cause) }));
      report.failed_at_line = firstLine;
      return false;
    }
    report.accepted += chunk.length;
    chunk = [];
    characters = 0;
    return true;
  }

  for await (const line of readLines(body, MAX_LINE)) {
    const parsed =
      line.kind === "line" ? parseItemLine(line.text, toMinorUnits) : UNREADABLE[line.kind];
    if (parsed.ok) {
      if (chunk.length === 0) firstLine = line.number;
      chunk.push(parsed.value);
      characters += line.kind === "line" ? line.text.length : 0;
      if (chunk.length >= CHUNK_ROWS || characters >= CHUNK_CHARACTERS) {
        if (!(await flush())) return report;
      }
    } else {
      report.rejected += 1;
      if (report.errors.length < MAX_REJECTED) {
        report.errors.push({ line: line.number, ...parsed.reason });
      }
    }
  }
  await flush();
  return report;
}

const UNREADABLE = {
  too_long: refuse({
    code: "line_too_long",
    message: `The line is longer than ${MAX_LINE} bytes.`,
  } as const),
  not_utf8: refuse({ code: "invalid_utf8", message: "The line is not valid UTF-8." } as const),
};
