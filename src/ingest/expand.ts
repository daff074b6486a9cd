// The messages of a request body, each as it came, whatever the body wraps them in. What a body says of all its messages
// goes into each that does not say it itself.
import { readCommand } from "./adapters/ga4.ts";
import { ASSUMED } from "./names.ts";
import { isAbsent, isFields, readFields, type Fields } from "./read/fields.ts";

/** What our own batch, Segment's and the Measurement Protocol's body say beside their messages. */
const SHARED = [
  "anonymous_id",
  "user_id",
  "user_hash",
  "session_id",
  "sent_at",
  "client_id",
  "app_instance_id",
  "timestamp_micros",
  "user_location",
  "device",
  "anonymousId",
  "userId",
  "sentAt",
  "consent",
  "context",
] as const;

/** Null where the body is none that holds messages. */
export function expand(body: unknown): unknown[] | null {
  if (Array.isArray(body)) return readCommand(body) === null ? share(body, {}) : [body];
  if (!isFields(body)) return null;
  if (!("events" in body || "batch" in body)) return [body];
  const rows = body["events"] ?? body["batch"];
  if (!Array.isArray(rows)) return null;
  return share(rows, pickShared(body));
}

/** One JSON value a line, for bodies that are none as a whole. A line that is none either stays text. */
export function expandLines(text: string): unknown[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return share(lines.map(parseLine), {});
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

function pickShared(body: Fields): Fields {
  return Object.fromEntries(
    SHARED.filter((name) => !isAbsent(body[name])).map((name) => [name, body[name]]),
  );
}

/** Calls of gtag among the messages hold for those after them: what was consented to, then what happened. */
function share(rows: readonly unknown[], shared: Fields): unknown[] {
  let common = shared;
  return rows.map((row) => {
    const command = isFields(row) && !("0" in row) ? null : readCommand(row);
    if (command?.kind === "consent") {
      const consent = { ...readFields(common["consent"]), ...readFields(command.consent) };
      common = { ...common, consent, [ASSUMED]: command.isAssumed };
      // The page tells whose answer it is: then it is one, even where nothing else follows.
      if (!command.isAssumed && namesShopper(common)) return tellConsent(command.consent, common);
    }
    return addShared(command?.kind === "event" ? command.event : row, common);
  });
}

const WHO = ["anonymous_id", "user_id", "client_id", "anonymousId", "userId"];

function namesShopper(shared: Fields): boolean {
  return WHO.some((name) => !isAbsent(shared[name]));
}

function tellConsent(consent: unknown, shared: Fields): Fields {
  const ids = Object.fromEntries(
    [...WHO, "user_hash"].map((name) => [name, shared[name]]).filter(([, id]) => !isAbsent(id)),
  );
  return { name: "consent", consent, ...ids };
}

function addShared(row: unknown, shared: Fields): unknown {
  if (!isFields(row)) return row;
  const context = readFields(row["context"]);
  const names = Object.keys(shared).filter((name) => isAbsent(row[name]));
  const both = isFields(row["context"]) && isFields(shared["context"]);
  if (names.length === 0 && !both) return row;
  const added = Object.fromEntries(names.map((name) => [name, shared[name]]));
  return both
    ? { ...row, ...added, context: { ...readFields(shared["context"]), ...context } }
    : { ...row, ...added };
}
