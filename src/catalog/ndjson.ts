// Cuts a byte stream into lines without ever holding more than one line. It knows nothing of JSON or items.

const NEWLINE = 0x0a;

/** One line with its number, from 1; the text is missing where the line cannot be read. */
export type Line =
  | { kind: "line"; number: number; text: string }
  | { kind: "too_long"; number: number }
  | { kind: "not_utf8"; number: number };

/**
 * Yields the lines of each chunk as they become complete; blank ones are passed over.
 * A line of more than `maxBytes` is dropped while it streams by and reported as `too_long`.
 */
export async function* readLines(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let number = 0;

  function finish(): Line | null {
    number += 1;
    const size = bytes;
    const whole = join(parts, size);
    parts = [];
    bytes = 0;
    if (size > maxBytes) return { kind: "too_long", number };
    try {
      const text = decoder.decode(whole).trim();
      return text === "" ? null : { kind: "line", number, text };
    } catch {
      // The only failure of a fatal decoder is text that is not UTF-8.
      return { kind: "not_utf8", number };
    }
  }

  for await (const chunk of stream) {
    let start = 0;
    while (start < chunk.length) {
      const newline = chunk.indexOf(NEWLINE, start);
      const end = newline === -1 ? chunk.length : newline;
      bytes += end - start;
      // What is over the limit is counted, not kept.
      if (bytes <= maxBytes) parts.push(chunk.subarray(start, end));
      else parts = [];
      start = end + 1;
      if (newline === -1) break;
      const line = finish();
      if (line !== null) yield line;
    }
  }
  if (bytes > 0) {
    const line = finish();
    if (line !== null) yield line;
  }
}

function join(parts: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const whole = new Uint8Array(parts.length === 0 ? 0 : size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
