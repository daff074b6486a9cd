// Short fingerprints of text: they tell contents apart and keep nobody out.
import type { ShopEvent } from "../../../durable/state/event.ts";

/** 53 bits by cyrb53 (bryc, public domain), as many as a number holds exactly. */
export function fingerprint(text: string, seed = 0): number {
  let high = 0xdeadbeef ^ seed;
  let low = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return 2 ** 32 * (low & 0x1fffff) + (high >>> 0);
}

/** Of what an event says, not of when, where and in which words: those may be set right between two tries. */
export function fingerprintContent(event: ShopEvent): number {
  const { name, value, search_term, transaction_id, items } = event;
  const lines = items.map(
    ({ item_id, variant, price, quantity }) => `${item_id}|${variant}|${price}|${quantity}`,
  );
  return fingerprint(`${name}|${value}|${search_term}|${transaction_id}|${lines.join("|")}`);
}

/** An id made of content: 106 bits. */
export function makeId(content: string): string {
  return `${fingerprint(content, 1).toString(36)}-${fingerprint(content, 2).toString(36)}`;
}
