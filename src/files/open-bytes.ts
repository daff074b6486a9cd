// The first look at a file or a body: unzips it, and brings what is not UTF-8 to UTF-8. It knows no format.

/** Bytes looked at; a prolog and a header are within it. */
const HEAD = 4096;
const GZIP = [0x1f, 0x8b];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const XML_ENCODING = /^<\?xml[^>]*\sencoding\s*=\s*["']([\w-]+)["']/;
const CHARSET = /charset\s*=\s*"?([\w-]+)/i;

/** As streams of the platform take them. */
type Bytes = Uint8Array<ArrayBuffer>;

export type Opened = {
  /** UTF-8, without a byte order mark. */
  bytes: ReadableStream<Uint8Array>;
  /** How it begins. */
  head: string;
};

/** A body that cannot be read at all; the message is one sentence for the sender. */
export class UnreadableFile extends Error {
  override name = "UnreadableFile";
}

/** @param contentType may name the encoding; a byte order mark and XML's own word go before it */
export async function openBytes(stream: ReadableStream<Bytes>, contentType = ""): Promise<Opened> {
  const raw = await peek(stream);
  if (startsWith(raw.head, ZIP)) {
    throw new UnreadableFile("This is a ZIP file: unpack it and send what is in it, or use gzip.");
  }
  const { head, rest } = startsWith(raw.head, GZIP) ? await peek(unzip(raw.rest)) : raw;
  const encoding = findEncoding(head, contentType);
  const bytes = encoding === "utf-8" ? rest : recode(rest, encoding);
  const text = new TextDecoder(encoding).decode(head);
  return { bytes, head: text };
}

/** Pieces of text of UTF-8 bytes; what is not UTF-8 becomes U+FFFD. */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

function findEncoding(head: Uint8Array, contentType: string): string {
  if (startsWith(head, [0xff, 0xfe])) return "utf-16le";
  if (startsWith(head, [0xfe, 0xff])) return "utf-16be";
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return "utf-8";
  const latin = new TextDecoder("windows-1252").decode(head);
  const named = XML_ENCODING.exec(latin)?.[1] ?? CHARSET.exec(contentType)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(named).encoding;
  } catch {
    throw new UnreadableFile(`The encoding "${named}" is not known; send UTF-8.`);
  }
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

function recode(bytes: ReadableStream<Uint8Array>, encoding: string): ReadableStream<Uint8Array> {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  return bytes.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(encoder.encode(decoder.decode(chunk, { stream: true })));
      },
      flush(controller) {
        controller.enqueue(encoder.encode(decoder.decode()));
      },
    }),
  );
}

function unzip(bytes: ReadableStream<Bytes>): ReadableStream<Uint8Array> {
  return bytes.pipeThrough(new DecompressionStream("gzip"));
}

/** The first bytes, and a stream that has them again. */
async function peek<Chunk extends Uint8Array>(
  stream: ReadableStream<Chunk>,
): Promise<{ head: Uint8Array; rest: ReadableStream<Chunk> }> {
  const reader = stream.getReader();
  const chunks: Chunk[] = [];
  let size = 0;
  let isDone = false;
  while (size < HEAD && !isDone) {
    const { value, done } = await reader.read();
    isDone = done;
    if (value === undefined) continue;
    chunks.push(value);
    size += value.length;
  }
  const head = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    head.set(chunk, offset);
    offset += chunk.length;
  }
  const rest = new ReadableStream<Chunk>({
    async pull(controller) {
      const chunk = chunks.shift();
      if (chunk !== undefined) return controller.enqueue(chunk);
      const { value, done } = isDone ? { value: undefined, done: true } : await reader.read();
      if (value !== undefined) controller.enqueue(value);
      if (done) controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { head: head.subarray(0, HEAD), rest };
}
