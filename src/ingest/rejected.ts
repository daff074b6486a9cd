// What is kept of a refused row: enough to mend the sender, nothing that names a shopper.
import type { RejectedEvent } from "../log/message.ts";
import type { Pseudonymise } from "../shop/pseudonym.ts";
import { fromSegment } from "./segment.ts";
import type { Rejection } from "./rejection.ts";
import { WireEvent } from "./wire.ts";

/** Kept of a row and of its event_id, characters. */
const MAX_ROW = 2000;
const MAX_EVENT_ID = 128;
const MAX_PERSON_ID = 256;

/** Only fields of our own form are kept: whatever else a sender adds may be anything, an address too. */
const KEPT_FIELDS = Object.keys(WireEvent.shape).filter(
  (name) => name !== "user_id" && name !== "anonymous_id",
);

export async function describeRejected(
  row: unknown,
  rejection: Rejection,
  { now, pseudonymise }: { now: number; pseudonymise: Pseudonymise },
): Promise<RejectedEvent> {
  const fields = readFields(fromSegment(row));
  const kept = fields === null ? { type: row === null ? "null" : typeof row } : pickFields(fields);
  const text = (JSON.stringify(kept) ?? "").slice(0, MAX_ROW).toWellFormed();
  const shopper = fields === null ? null : await findShopper(fields, pseudonymise);
  const id = fields?.get("event_id");
  return {
    fingerprint: await fingerprint([shopper, rejection.code, text]),
    shopper,
    event_id: typeof id === "string" ? id.slice(0, MAX_EVENT_ID).toWellFormed() : null,
    ...rejection,
    message: rejection.message.toWellFormed(),
    row: text,
    received_at: now,
  };
}

function readFields(row: unknown): Map<string, unknown> | null {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return null;
  return new Map(Object.entries(row));
}

function pickFields(fields: Map<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    KEPT_FIELDS.filter((name) => fields.has(name)).map((name) => [name, fields.get(name)]),
  );
}

async function findShopper(
  fields: Map<string, unknown>,
  pseudonymise: Pseudonymise,
): Promise<string | null> {
  const user = fields.get("user_id");
  if (isPersonId(user)) return await pseudonymise("user", user);
  const anonymous = fields.get("anonymous_id");
  return isPersonId(anonymous) ? await pseudonymise("anonymous", anonymous) : null;
}

function isPersonId(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_PERSON_ID;
}

async function fingerprint(parts: (string | null)[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
