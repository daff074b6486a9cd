// Makes an event fit into a queue message, so that each finds its way into the log: texts that only describe go first.
import type { ItemLine, ShopEvent } from "../../../durable/state/event.ts";
import type { Notes } from "./notes.ts";

/** Of the 120 kB that a queue message holds, what its address, consent and context leave; bytes of JSON. */
export const MAX_EVENT_BYTES = 110_000;
/** Lines whose texts, all at their longest, stay below MAX_EVENT_BYTES: 8 texts of 256 characters of 3 bytes each. */
const FEW_ITEMS = 16;
/** What of a description is kept when room is short, characters. */
const SHORT = 24;

const ENCODER = new TextEncoder();

/** Null where its ids alone are too much. */
export function fitEvent(event: ShopEvent, notes: Notes): ShopEvent | null {
  if (fitsMessage(event)) return event;
  const short = { ...event, items: event.items.map((line) => shorten(line, notes)) };
  return measure(short) <= MAX_EVENT_BYTES ? short : null;
}

export function fitsMessage(event: ShopEvent): boolean {
  // Measuring costs as much as parsing.
  return event.items.length <= FEW_ITEMS || measure(event) <= MAX_EVENT_BYTES;
}

function shorten(line: ItemLine, notes: Notes): ItemLine {
  const cut = (text: string | null) => {
    if (text === null || text.length <= SHORT) return text;
    notes.cleaned += 1;
    return text.slice(0, SHORT).toWellFormed().trim();
  };
  return {
    ...line,
    category: cut(line.category),
    brand: cut(line.brand),
    list_id: cut(line.list_id),
    coupon: cut(line.coupon),
  };
}

function measure(event: ShopEvent): number {
  return ENCODER.encode(JSON.stringify(event)).byteLength;
}
