// What is kept of a refused row or line: enough to mend the sender, nothing that names a shopper.
import type { RejectedEvent } from "../log/message.ts";
import type { ProveUser } from "../shop/identity.ts";
import type { Pseudonymise } from "../shop/pseudonym.ts";
import { adapt } from "./adapters/adapt.ts";
import { readConsent } from "./read/consent.ts";
import { isFields, readFields, readPath, type Fields } from "./read/fields.ts";
import { MAX_EVENT_ID } from "./read/limits.ts";
import { LINE_FIELDS } from "./read/lines.ts";
import { startNotes } from "./read/notes.ts";
import type { RefusedLine } from "./read/notes.ts";
import { ID_LENGTH, readId } from "../shop/read/text.ts";
import type { Rejection } from "./rejection.ts";
import { WireEvent } from "./wire.ts";

/** Kept of a row, characters. */
const MAX_ROW = 2000;

/** May name a person, or say what one wrote. */
const PERSONAL = new Set(["user_id", "user_hash", "anonymous_id", "session_id", "search_term"]);
/** Only fields of our own form are kept: whatever else a sender adds may be anything, an address too. */
const KEPT_FIELDS = Object.keys(WireEvent.shape).filter((name) => !PERSONAL.has(name));

type Settings = { now: number; pseudonymise: Pseudonymise; proveUser: ProveUser };

export async function describeRejected(
  row: unknown,
  rejection: Rejection,
  settings: Settings,
): Promise<RejectedEvent> {
  const adapted = adapt(row);
  if (adapted.kind !== "event") {
    return await describe({}, { type: row === null ? "null" : typeof row }, rejection, settings);
  }
  const { fields } = adapted;
  const kept = deniesAll(fields) ? { name: fields["name"] } : pickFields(fields);
  return await describe(fields, kept, rejection, settings);
}

/** The same for one line of an event that was kept. */
export async function describeRejectedLine(
  row: unknown,
  { line, code, message }: RefusedLine,
  settings: Settings,
): Promise<RejectedEvent> {
  const adapted = adapt(row);
  const fields = adapted.kind === "event" ? adapted.fields : {};
  const items = Array.isArray(fields["items"]) ? fields["items"] : [];
  const kept = { name: fields["name"], items: [pickLine(items[line])] };
  return await describe(fields, kept, { code, message: `items.${line}.${message}` }, settings);
}

async function describe(
  fields: Fields,
  kept: object,
  { code, message }: { code: string; message: string },
  { now, ...who }: Settings,
): Promise<RejectedEvent> {
  const text = (JSON.stringify(kept) ?? "").slice(0, MAX_ROW).toWellFormed();
  const shopper = await findShopper(fields, who);
  const id = readId(fields["event_id"], MAX_EVENT_ID);
  return {
    fingerprint: await fingerprint([shopper, code, text]),
    shopper,
    event_id: typeof id === "string" ? id : null,
    code,
    message: message.toWellFormed(),
    row: text,
    received_at: now,
  };
}

/** What a shopper did who consented to nothing is not kept to mend a sender either. */
function deniesAll(fields: Fields): boolean {
  const consent = readConsent(fields["consent"], startNotes());
  if (!consent.ok || consent.value === null) return false;
  return !consent.value.analytics && !consent.value.personalization;
}

function pickFields(fields: Fields): Record<string, unknown> {
  const kept: Record<string, unknown> = Object.fromEntries(
    KEPT_FIELDS.filter((name) => name in fields).map((name) => [name, fields[name]]),
  );
  if ("context" in kept) kept["context"] = trimContext(fields["context"]);
  if (Array.isArray(kept["items"])) kept["items"] = kept["items"].map(pickLine);
  return kept;
}

function pickLine(line: unknown): unknown {
  if (!isFields(line)) return line === null ? null : typeof line;
  return Object.fromEntries(Object.entries(line).filter(([name]) => LINE_FIELDS.has(name)));
}

/** URLs carry addresses and tokens behind their paths. */
function trimContext(value: unknown): Fields {
  const { device, country } = readFields(value);
  return {
    device,
    country,
    page: trimUrl(readPath(value, "page")),
    referrer: trimUrl(readPath(value, "referrer")),
  };
}

function trimUrl(url: unknown): unknown {
  return typeof url === "string" ? url.replace(/[?#].*$/s, "") : undefined;
}

/** Nobody can put a row among those of a user who is not proven. */
async function findShopper(
  fields: Fields,
  { pseudonymise, proveUser }: Omit<Settings, "now">,
): Promise<string | null> {
  const user = readId(fields["user_id"], ID_LENGTH);
  if (typeof user === "string" && (await proveUser(user, fields["user_hash"])) !== "none") {
    return await pseudonymise("user", user);
  }
  const anonymous = readId(fields["anonymous_id"], ID_LENGTH);
  return typeof anonymous === "string" ? await pseudonymise("anonymous", anonymous) : null;
}

async function fingerprint(parts: (string | null)[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
