// A message that tells a shopper's consent and nothing else: Segment's preference updates, calls of gtag, our own
// `consent`. It is heard at once and kept nowhere but with the shopper.
import { accept } from "../../durable/state/result.ts";
import type { ConsentWord } from "../../durable/state/consent.ts";
import { adapt } from "./adapters/adapt.ts";
import { isConsentName } from "./names.ts";
import type { ReadSettings } from "./read-event.ts";
import { readWord } from "./read/consent.ts";
import { readEventTime } from "./read/event-time.ts";
import { isFields } from "./read/fields.ts";
import { startNotes, type Notes } from "./read/notes.ts";
import { readActor, type Actor } from "./read/shopper.ts";
import { reject, type Checked } from "./rejection.ts";

export type ConsentMessage = {
  actor: Actor;
  user_hash: unknown;
  word: ConsentWord;
  /** When the shopper said it, ms. */
  at: number;
  notes: Notes;
};

/** Null where the row is none; a value of null where it says nothing. */
export function readConsentMessage(
  row: unknown,
  settings: ReadSettings,
): Checked<ConsentMessage | null> | null {
  if (!isFields(row) || !isNamed(row)) return null;
  const adapted = adapt(row);
  if (adapted.kind !== "event") return null;
  const { fields } = adapted;
  const notes = startNotes();
  const timestamp = readEventTime(fields, settings, true);
  if (!timestamp.ok) return timestamp;
  const word = readWord(fields["consent"], notes);
  if (!word.ok) return word;
  if (word.value === null) return accept(null);
  const actor = readActor("view_cart", fields);
  if (!actor.ok) return actor;
  if (actor.value.kind === "shop") return reject("missing_shopper", "Consent is a shopper's.");
  const told = { actor: actor.value, user_hash: fields["user_hash"], word: word.value };
  return accept({ ...told, at: timestamp.value, notes });
}

function isNamed(row: Record<string, unknown>): boolean {
  const name = row["name"] ?? row["event"];
  return typeof name === "string" && isConsentName(name.trim());
}
