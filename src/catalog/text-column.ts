// Texts by number, packed into pages of bytes: a string each on the heap would take half as much again, and pages neither
// move nor double when they grow. What is shared up to the last slash, as with URLs, is kept once.
import { Dictionary, growInts } from "./columns.ts";

/** Bytes; a record never spans two. */
const PAGE = 65_536;
/** A record: the code of its head and the length of its tail, two bytes each, then the tail as UTF-8. */
const HEADER = 4;
/** Bytes of the longest text: far more than a title or a URL may have. */
export const MAX_TEXT = PAGE - HEADER;
/** Heads that are told apart, first come; later texts are kept whole. A shop's URLs have few, and each takes some memory. */
const MAX_HEADS = 1000;
/** There is no text at a number. */
const NONE = -1;

export class TextColumn {
  #pages: Uint8Array[] = [];
  /** Bytes that are taken of the last page; and, of all pages, those of texts that were replaced. */
  #end = PAGE;
  #lost = 0;
  /** By number: where the record is, page by page, or NONE. */
  #positions: Int32Array = new Int32Array(0);
  readonly #heads = new Dictionary();
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();

  constructor() {
    this.#heads.intern("");
  }

  /** null where there is none. */
  get(at: number): string | null {
    const record = this.#read(at);
    if (record === null) return null;
    const head = this.#heads.texts[readShort(record, 0)] ?? "";
    return head + this.#decoder.decode(record.subarray(HEADER));
  }

  /** Throws for a text of more than MAX_TEXT bytes. */
  set(at: number, text: string | null): void {
    if (text === this.get(at)) return;
    this.#positions = growInts(this.#positions, at + 1, NONE);
    this.#lost += this.#read(at)?.length ?? 0;
    this.#positions[at] = text === null ? NONE : this.#append(this.#encode(text));
    if (this.#lost > (this.#pages.length * PAGE) / 2) this.#compact();
  }

  #encode(text: string): Uint8Array {
    const head = text.slice(0, text.lastIndexOf("/") + 1);
    const code =
      this.#heads.texts.length < MAX_HEADS ? this.#heads.intern(head) : this.#heads.find(head);
    const tail = this.#encoder.encode(code === -1 ? text : text.slice(head.length));
    if (tail.length > MAX_TEXT)
      throw new Error(`a text of ${tail.length} bytes; there is room for ${MAX_TEXT}`);
    const record = new Uint8Array(HEADER + tail.length);
    writeShort(record, 0, Math.max(0, code));
    writeShort(record, 2, tail.length);
    record.set(tail, HEADER);
    return record;
  }

  /** Gives the position. */
  #append(record: Uint8Array): number {
    if (this.#end + record.length > PAGE) {
      this.#pages.push(new Uint8Array(PAGE));
      this.#end = 0;
    }
    const offset = this.#end;
    this.#pages.at(-1)?.set(record, offset);
    this.#end += record.length;
    return (this.#pages.length - 1) * PAGE + offset;
  }

  /** A view; null where there is no text. */
  #read(at: number): Uint8Array | null {
    const position = this.#positions[at] ?? NONE;
    const page = this.#pages[Math.floor(position / PAGE)];
    if (position === NONE || page === undefined) return null;
    const offset = position % PAGE;
    return page.subarray(offset, offset + HEADER + readShort(page, offset + 2));
  }

  /** Moves what is in use together. */
  #compact(): void {
    const records = Array.from(this.#positions, (_, at) => this.#read(at));
    this.#pages = [];
    this.#end = PAGE;
    this.#lost = 0;
    for (const [at, record] of records.entries()) {
      if (record !== null) this.#positions[at] = this.#append(record);
    }
  }
}

function readShort(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
}

function writeShort(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value % 256;
  bytes[at + 1] = Math.floor(value / 256);
}
