// What fits into one message of LOG_QUEUE.

/** A message holds 128 kB at most; the rest is room for its envelope, bytes. */
export const MAX_MESSAGE_BYTES = 120_000;
/** UTF-8 takes no more bytes for one character of JSON. */
const MAX_BYTES_PER_CHARACTER = 3;

const ENCODER = new TextEncoder();

/** Splits rows, in order, into parts of at most `limit` bytes of JSON each. A row is never split. */
export function splitBySize<Row>(rows: readonly Row[], limit: number): Row[][] {
  if (rows.length === 0) return [];
  const json = JSON.stringify(rows);
  if (json.length * MAX_BYTES_PER_CHARACTER <= limit || byteLength(json) <= limit) {
    return [[...rows]];
  }
  const parts: Row[][] = [];
  let part: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = byteLength(JSON.stringify(row)) + 1;
    if (part.length > 0 && bytes + size > limit) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(row);
    bytes += size;
  }
  parts.push(part);
  return parts;
}

const byteLength = (text: string): number => ENCODER.encode(text).byteLength;
