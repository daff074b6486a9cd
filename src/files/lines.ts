// Cuts a byte stream into lines without ever holding more than one line. It knows nothing of what they hold.

const NEWLINE = 0x0a;

/** One line with its number, from 1; the text is missing where the line cannot be read. */
export type Line =
  | { kind: "line"; number: number; text: string }
  | { kind: "too_long"; number: number }
  | { kind: "not_utf8"; number: number };

/** From the bytes of a line to its text; null where they are none. */
export type Decode = (bytes: Uint8Array) => string | null;

/** UTF-8 and nothing else. A byte order mark is dropped. */
function createUtf8Decoder(): Decode {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      // The only failure of a fatal decoder is text that is not UTF-8.
      return null;
    }
  };
}

/** UTF-8, and what is not UTF-8 as the code page of Windows: spreadsheets save so. */
export function createTolerantDecoder(): Decode {
  const decode = createUtf8Decoder();
  const windows = new TextDecoder("windows-1252");
  return (bytes) => decode(bytes) ?? windows.decode(bytes);
}

/**
 * Yields the lines of each chunk as they become complete, without blanks around them; blank lines are passed over.
 * A line of more than `maxBytes` is dropped while it streams by and reported as `too_long`.
 */
export async function* readLines(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Line> {
  for await (const line of readRawLines(stream, maxBytes, createUtf8Decoder())) {
    if (line.kind !== "line") yield line;
    else {
      const text = line.text.trim();
      if (text !== "") yield { ...line, text };
    }
  }
}

/** All lines as they are, blank ones too, without the characters that end them. */
export async function* readRawLines(
  stream: AsyncIterable<Uint8Array>,
  maxBytes: number,
  decode: Decode,
): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let number = 0;

  function finish(): Line {
    number += 1;
    const size = bytes;
    const whole = join(parts, size);
    parts = [];
    bytes = 0;
    if (size > maxBytes) return { kind: "too_long", number };
    const text = decode(whole);
    if (text === null) return { kind: "not_utf8", number };
    return { kind: "line", number, text: text.endsWith("\r") ? text.slice(0, -1) : text };
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
      yield finish();
    }
  }
  if (bytes > 0) yield finish();
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
