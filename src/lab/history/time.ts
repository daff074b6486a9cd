// Times as files have them: what the Worker reads, and times without a zone, which are those of a zone that is named.
import { UNREADABLE } from "../../shop/read/text.ts";
import { readTime } from "../../shop/read/time.ts";

const LOCAL = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?$/;
/** BigQuery's and others' days. */
const DAY = /^(\d{4})(\d{2})(\d{2})$/;
/** `2026/01/15`, unambiguous by its year in front. */
const SLASHES = /^(\d{4})\/(\d{2})\/(\d{2})/;

/** Ms since the epoch, or null. @param zone such as `Z` or `+02:00` */
export function readHistoryTime(value: unknown, zone: string): number | null {
  const known = readTime(value);
  if (known !== UNREADABLE) return known;
  if (typeof value !== "string") return null;
  const text = value.trim().replace(SLASHES, "$1-$2-$3").replace(DAY, "$1-$2-$3");
  if (!LOCAL.test(text)) return null;
  const time = readTime(`${text.length === 10 ? `${text}T00:00` : text}${zone}`);
  return time === UNREADABLE ? null : time;
}
