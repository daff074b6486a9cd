// Numbers as senders write them: of JSON, or text as shops print it. What may mean two things means nothing.
import { UNREADABLE, type Unreadable } from "./text.ts";

/** `12`, `12.5`, `.5`, `1e3`: a number as programs print it. Three decimals after few digits are told apart below. */
const PLAIN = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
/** `1.234` is 1234 to half of Europe. `0.125`, `12.3456` and `1234.567` mean one thing. */
const TWO_MEANINGS = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;
/** `1,234.50`, `1'234.50`, `1 234.50`; and with points and a comma, as in `1.234,50`. */
const GROUPED_POINT = /^[+-]?\d{1,3}(?:([, '\u2019])\d{3})(?:\1\d{3})*(?:\.\d+)?$/;
const GROUPED_COMMA = /^[+-]?\d{1,3}(?:([. '\u2019])\d{3})(?:\1\d{3})*(?:,\d+)?$/;
/** `12,50` */
const COMMA = /^[+-]?\d+,\d+$/;
/** Signs and codes of currencies around an amount. */
const CURRENCY = /^(?:[A-Z]{3}|\p{Sc})\s*|\s*(?:[A-Z]{3}|\p{Sc})$/gu;
const BLANKS = /[\u00a0\u202f\u2009]/g;

/** Null where there is none; infinite where it is larger than any number, as JSON's `1e999` is. */
export function readNumber(value: unknown): number | null | Unreadable {
  if (value === undefined || value === null) return null;
  // Adding 0 makes a negative zero a plain one, as it will be in the log.
  if (typeof value === "number") return Number.isNaN(value) ? UNREADABLE : value + 0;
  if (typeof value !== "string") return UNREADABLE;
  const text = value.replaceAll(BLANKS, " ").trim().replaceAll(CURRENCY, "");
  if (text === "") return value.trim() === "" ? null : UNREADABLE;
  const number = TWO_MEANINGS.test(text) ? Number.NaN : Number(normalise(text));
  return Number.isNaN(number) ? UNREADABLE : number + 0;
}

function normalise(text: string): string {
  if (PLAIN.test(text)) return text;
  if (GROUPED_POINT.test(text)) return text.replaceAll(/[, '\u2019]/g, "");
  if (GROUPED_COMMA.test(text)) return text.replaceAll(/[. '\u2019]/g, "").replace(",", ".");
  return COMMA.test(text) ? text.replace(",", ".") : "?";
}
