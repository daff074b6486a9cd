// Reads what a sender of events sent: the messages of the body, in any form that shops use, and the key that it came with.
import type { Context } from "hono";
import { accept, refuse, type Result } from "../../../durable/state/result.ts";
import { expand, expandLines } from "../../ingest/expand.ts";
import { judgeSender, refuseSender } from "../middleware/access.ts";
import type { AppEnv, KeyKind } from "../middleware/app-env.ts";
import { readText } from "../middleware/body.ts";
import { fail } from "../middleware/errors.ts";

/** Hundreds of events of a few kB, bytes, unpacked. */
const BODY_LIMIT = 1024 * 1024;
/** What holds no events, whatever is in it. All else is looked at: senders of beacons name no type, or a wrong one. */
const OTHER_TYPE = /^(?:multipart|image|audio|video|font)\//i;
const LINES_TYPE = /ndjson|jsonl|json-?seq|json-lines/i;

export type Sending = { rows: unknown[]; key: KeyKind };

export async function readSending(c: Context<AppEnv>): Promise<Result<Sending, Response>> {
  const type = c.req.header("content-type") ?? "";
  const body = await readText(c.req.raw, BODY_LIMIT);
  const parsed = body.ok ? parse(body.value, type) : null;
  const key = c.get("sender") ?? judgeSender(readWriteKey(parsed?.body), c.env);
  // Who has no key hears of nothing else.
  if (key === null) return refuse(refuseSender(c));
  if (OTHER_TYPE.test(type)) {
    const message = "Send JSON, one value or one a line, as `application/json`.";
    return refuse(fail(c, "unsupported_media_type", message));
  }
  if (!body.ok) return refuse(fail(c, body.reason.code, body.reason.message));
  if (parsed === null) return refuse(fail(c, "invalid_json", "The body is not valid JSON."));
  if (parsed.rows !== null) return accept({ rows: parsed.rows, key });
  const message = "Send one event, an array, or an object with an array `events` or `batch`.";
  return refuse(fail(c, "invalid_request", message));
}

type Parsed = { body: unknown; rows: unknown[] | null };

/** Null for text that is JSON neither as a whole nor by lines. */
function parse(text: string, type: string): Parsed | null {
  if (LINES_TYPE.test(type)) return parseLines(text);
  try {
    const body: unknown = JSON.parse(text);
    return { body, rows: expand(body) };
  } catch {
    return parseLines(text);
  }
}

function parseLines(text: string): Parsed | null {
  const rows = expandLines(text);
  return rows.every((row) => typeof row === "string") ? null : { body: rows[0], rows };
}

/** Empty where there is none. */
function readWriteKey(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const key = "writeKey" in body ? body.writeKey : "";
  return typeof key === "string" ? key : "";
}
