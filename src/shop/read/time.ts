// Points in time in every form that means one thing. A time without a zone may be any of a day's hours, so it is none.
import { UNREADABLE, type Unreadable } from "./text.ts";

const DATE = String.raw`(\d{4})-(\d{2})-(\d{2})`;
const CLOCK = String.raw`(\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?`;
const ZONE = String.raw`(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)`;
/** ISO 8601, and its cousins in databases: `2026-01-15 12:00:00.5 UTC`, `+01`, nanoseconds. */
const ISO = new RegExp(`^${DATE}[Tt ]${CLOCK} ?${ZONE}$`, "i");
/** RFC 2822 and RFC 7231: `Thu, 15 Jan 2026 12:00:00 +0000`. */
const RFC =
  /^(?:[a-z]{3}, )?\d{1,2} [a-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})? (?:GMT|UTC?|Z|[+-]\d{4})$/i;
/** As browsers print a date: `Thu Jan 15 2026 12:00:00 GMT+0100 (CET)`. */
const BROWSER = /^[a-z]{3} [a-z]{3} \d{2} \d{4} \d{2}:\d{2}:\d{2} GMT[+-]\d{4}(?: \([^)]*\))?$/i;
const DIGITS = /^\d{9,19}(?:\.\d+)?$/;

/** Units of numbers by magnitude, each as ms: years 2000 to 2128 of one lie below those of the next. */
const MAGNITUDES = [
  { below: 5e9, ms: 1000 },
  { below: 5e12, ms: 1 },
  { below: 5e15, ms: 1e-3 },
  { below: 5e18, ms: 1e-6 },
];
/** Smaller numbers are no time of a shop in any unit: 2000-01-01, s. */
const FIRST_SECOND = 946_684_800;

/** Ms since the epoch; null where there is none. */
export function readTime(value: unknown): number | null | Unreadable {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "number") return fromNumber(value);
  if (typeof value !== "string") return UNREADABLE;
  const text = value.trim();
  if (text === "") return null;
  if (DIGITS.test(text)) return fromNumber(Number(text));
  const ms = fromText(text);
  return Number.isNaN(ms) ? UNREADABLE : ms;
}

/** A number that is too small for any unit stays what it is: ms of a time out of range. */
function fromNumber(value: number): number | Unreadable {
  if (!Number.isFinite(value)) return UNREADABLE;
  if (value < FIRST_SECOND) return Math.round(value) + 0;
  const unit = MAGNITUDES.find(({ below }) => value < below);
  return unit === undefined ? Math.round(value) : Math.floor(value * unit.ms + 1e-6);
}

function fromText(text: string): number {
  const iso = ISO.exec(text);
  if (iso === null) return RFC.test(text) || BROWSER.test(text) ? Date.parse(text) : Number.NaN;
  const [, year = "", month = "", day = "", clock = "", fraction = "", zone = ""] = iso;
  if (!isDay(Number(year), Number(month), Number(day))) return Number.NaN;
  const seconds = clock.length === 5 ? `${clock}:00` : clock;
  const ms = fraction.slice(0, 3).padEnd(3, "0");
  return Date.parse(`${year}-${month}-${day}T${seconds}.${ms}${toOffset(zone)}`);
}

function toOffset(zone: string): string {
  const digits = zone.slice(1).replace(":", "");
  if (!/^\d/.test(digits)) return "Z";
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2) || "00"}`;
}

/** JavaScript takes 30 February for 2 March. */
function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
