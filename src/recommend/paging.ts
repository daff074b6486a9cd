// The next page of a list: an opaque cursor that carries what the pages before have shown, so that nothing comes
// twice, whichever isolate answers. Nothing is stored for it.
import { hashText } from "../catalog/hash.ts";

/** Items that a list may show over all its pages: 4 bytes each, so that a cursor stays below 3 kB of a URL. */
export const MAX_SHOWN = 500;

/** What a cursor says. `shown`: hashes of the items of all pages before, in their order. */
export type PageCursor = { recommendation_id: string; shown: readonly number[] };

const VERSION = 1;
/** Bytes of a UUID. */
const ID_BYTES = 16;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Which page a list of items is: where it begins over all pages, and what comes after it. */
export function turnPage(
  { cursor, limit }: { cursor: PageCursor | null; limit: number },
  recommendation_id: string,
  ids: readonly string[],
): { first: number; next: PageCursor | null } {
  const before = cursor?.shown ?? [];
  const shown = [...before, ...ids.map(markItem)];
  // There is no next page where this one came short or enough was shown.
  const isLast = ids.length !== limit || shown.length >= MAX_SHOWN;
  return { first: before.length, next: isLast ? null : { recommendation_id, shown } };
}

/**
 * The hash by which a cursor knows an item. Two of 200,000 items share one in about five pairs; then the second of them
 * stays out of a list that shows the first.
 */
const markItem = (item_id: string): number => hashText(item_id);

/** base64url of: version, the id's 16 bytes, 4 bytes an item. `recommendation_id` must be a UUID. */
export function writeCursor({ recommendation_id, shown }: PageCursor): string {
  const bytes = new Uint8Array(1 + ID_BYTES + 4 * shown.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = VERSION;
  const hex = recommendation_id.replaceAll("-", "");
  for (let i = 0; i < ID_BYTES; i++) {
    bytes[1 + i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  }
  shown.forEach((mark, i) => view.setUint32(1 + ID_BYTES + 4 * i, mark));
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** null where the text is no cursor of ours. */
export function readCursor(cursor: string): PageCursor | null {
  const bytes = decode(cursor);
  if (bytes === null || bytes[0] !== VERSION) return null;
  const room = bytes.length - 1 - ID_BYTES;
  if (room < 0 || room % 4 !== 0 || room > 4 * MAX_SHOWN) return null;
  const hex = Array.from(bytes.subarray(1, 1 + ID_BYTES), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
  const recommendation_id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  const view = new DataView(bytes.buffer);
  const shown = Array.from({ length: room / 4 }, (_, i) => view.getUint32(1 + ID_BYTES + 4 * i));
  return UUID.test(recommendation_id) ? { recommendation_id, shown } : null;
}

function decode(cursor: string): Uint8Array | null {
  if (!/^[\w-]*$/.test(cursor)) return null;
  try {
    const text = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(text, (character) => character.charCodeAt(0));
  } catch {
    // A length that base64 cannot have.
    return null;
  }
}
