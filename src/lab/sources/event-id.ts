// Derives an event's idempotency key from where it came from, so that a second replay is all duplicates.
import { createHash } from "node:crypto";

/** 96 bits: no collision to be expected among 10^12 events, and short enough for logs. */
const HEX_DIGITS = 24;

/**
 * The same source, ordinal and content give the same id on every pass. The ordinal (row number from 1) keeps
 * two identical rows apart: in these logs they are two clicks within one second.
 */
export function deriveEventId(source: string, ordinal: number | string, content: string): string {
  const hash = createHash("sha256").update(`${source}\n${ordinal}\n${content}`).digest("hex");
  return `${source}-${hash.slice(0, HEX_DIGITS)}`;
}
