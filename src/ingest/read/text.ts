// Texts and ids of an event: what had to be cleaned or left out is noted.
import { cleanText, readId, UNREADABLE } from "../../shop/read/text.ts";
import type { Notes } from "./notes.ts";

/** Text without control characters and blanks around it, cut to `limit` characters; null where there is none. */
export function readText(value: unknown, limit: number, notes: Notes): string | null {
  if (value === undefined || value === null) return null;
  const said: unknown = Array.isArray(value)
    ? value.find((each) => typeof each === "string")
    : value;
  const text = said === undefined ? UNREADABLE : cleanText(said, limit);
  const isWhole = typeof said !== "string" || text === (said.trim() || null);
  if (text === UNREADABLE || !isWhole) notes.cleaned += 1;
  return text === UNREADABLE ? null : text;
}

/** An id that may be left out where it cannot be read. */
export function readLooseId(value: unknown, notes: Notes): string | null {
  const id = readId(value);
  if (id !== UNREADABLE) return id;
  notes.cleaned += 1;
  return null;
}
