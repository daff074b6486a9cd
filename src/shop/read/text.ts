// Texts and ids as senders write them. Texts only describe, so they are cleaned; ids decide who and what, so they are
// taken as they are or not at all.

/** A value that is there and cannot be read. */
export const UNREADABLE: unique symbol = Symbol("unreadable");
export type Unreadable = typeof UNREADABLE;

/** Longest id of a shopper, item, session or order, characters. Longer ones are someone's mistake. */
export const ID_LENGTH = 256;

const CONTROL = /\p{Cc}/u;
const CONTROLS = /\p{Cc}+/gu;

/** Text without control characters and blanks around it, cut to `limit` characters; null where there is none. */
export function cleanText(value: unknown, limit: number): string | null | Unreadable {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value !== "string") return UNREADABLE;
  const trimmed = value.trim();
  if (trimmed.length <= limit && trimmed.isWellFormed() && !CONTROL.test(trimmed)) {
    return trimmed === "" ? null : trimmed;
  }
  return trimmed.replaceAll(CONTROLS, " ").slice(0, limit).toWellFormed().trim() || null;
}

/** An id; null where there is none. A number's id is its decimal digits. */
export function readId(value: unknown, limit = ID_LENGTH): string | null | Unreadable {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : UNREADABLE;
  if (typeof value !== "string") return UNREADABLE;
  const id = value.trim();
  if (id === "") return null;
  return id.length <= limit && isSoundId(id) ? id : UNREADABLE;
}

/** `.` and `..` mean something else in an address, and half a character is none. */
export function isSoundId(id: string): boolean {
  return id.isWellFormed() && id !== "." && id !== ".." && !CONTROL.test(id);
}
