// The items of an RSS or Atom feed in a stream of text, each as its fields. Entities that XML does not know are taken as
// they stand, since shops forget to escape; XML that does not fit together ends the reading.
import sax from "sax";
import type { QualifiedTag } from "sax";

export type XmlFields = Record<string, string | string[] | Record<string, string>[]>;

export type XmlItem =
  | { kind: "item"; line: number; fields: XmlFields }
  | { kind: "too_long"; line: number }
  /** Nothing after this was read. */
  | { kind: "broken"; line: number; message: string };

/** Namespace of Google's own elements, which go before those of RSS and Atom of the same name. */
const GOOGLE = "http://base.google.com/ns/1.0";
const ITEMS = new Set(["item", "entry"]);

/** @param maxCharacters of one item's text */
export async function* readXmlItems(
  chunks: AsyncIterable<string>,
  maxCharacters: number,
): AsyncGenerator<XmlItem> {
  const reader = new XmlReader(maxCharacters);
  for await (const chunk of chunks) {
    yield* reader.write(chunk);
    if (reader.isBroken) return;
  }
  yield* reader.close();
}

type Field = { name: string; isGoogle: boolean; text: string; parts: Record<string, string> };

class XmlReader {
  readonly #parser = sax.parser(true, { xmlns: true, position: true });
  readonly #maxCharacters: number;
  #found: XmlItem[] = [];
  #root: string | null = null;
  #depth = 0;
  /** Of the element that holds the fields; 0 outside of an item. */
  #itemDepth = 0;
  #line = 0;
  #size = 0;
  #fields: XmlFields = {};
  /** Names that Google's elements gave. */
  readonly #google = new Set<string>();
  #field: Field | null = null;
  #part: string | null = null;
  isBroken = false;

  constructor(maxCharacters: number) {
    this.#maxCharacters = maxCharacters;
    const parser = this.#parser;
    const take = (text: string) => this.#take(text);
    Object.assign(parser, {
      onopentag: (tag: QualifiedTag) => this.#open(tag),
      onclosetag: () => this.#close(),
      ontext: take,
      oncdata: take,
      onerror: (error: Error) => {
        // Takes the error away, so that the parser goes on.
        parser.resume();
        if (!/entity/i.test(error.message)) this.#break(error.message);
      },
    } satisfies Partial<Record<keyof typeof parser, unknown>>);
  }

  write(chunk: string): XmlItem[] {
    this.#parser.write(chunk);
    return this.#give();
  }

  close(): XmlItem[] {
    this.#parser.close();
    if (!this.isBroken && this.#root === null) this.#break("There is no XML in it");
    return this.#give();
  }

  #give(): XmlItem[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  #break(message: string): void {
    if (this.isBroken) return;
    this.isBroken = true;
    const line = this.#parser.line + 1;
    const [sentence = ""] = message.split("\n");
    const item = this.#itemDepth > 0 ? ` The item of line ${this.#line} is lost.` : "";
    this.#found.push({ kind: "broken", line, message: `${sentence} (line ${line}).${item}` });
  }

  #open(tag: QualifiedTag): void {
    if (this.isBroken) return;
    this.#depth += 1;
    this.#root ??= tag.local;
    if (this.#root.toLowerCase() === "html") return this.#break("This is a web page, not a feed");
    if (this.#itemDepth === 0) {
      if (ITEMS.has(tag.local)) this.#begin();
    } else if (this.#depth === this.#itemDepth + 1) {
      const text = tag.local === "link" ? readLink(tag) : "";
      this.#field = { name: tag.local, isGoogle: tag.uri === GOOGLE, text, parts: {} };
    } else if (this.#depth === this.#itemDepth + 2) this.#part = tag.local;
  }

  #begin(): void {
    this.#itemDepth = this.#depth;
    this.#line = this.#parser.line + 1;
    this.#size = 0;
    this.#fields = {};
    this.#google.clear();
  }

  #take(text: string): void {
    const field = this.#field;
    if (field === null || this.isBroken) return;
    this.#size += text.length;
    if (this.#size > this.#maxCharacters) return;
    if (this.#part === null) field.text += text;
    else field.parts[this.#part] = (field.parts[this.#part] ?? "") + text;
  }

  #close(): void {
    if (this.isBroken) return;
    if (this.#itemDepth > 0 && this.#depth === this.#itemDepth) {
      const line = this.#line;
      const isTooLong = this.#size > this.#maxCharacters;
      this.#found.push(
        isTooLong ? { kind: "too_long", line } : { kind: "item", line, fields: this.#fields },
      );
      this.#itemDepth = 0;
    } else if (this.#field !== null && this.#depth === this.#itemDepth + 1) {
      this.#keep(this.#field);
      this.#field = null;
    } else if (this.#depth === this.#itemDepth + 2) this.#part = null;
    this.#depth -= 1;
  }

  #keep({ name, isGoogle, text, parts }: Field): void {
    if (!isGoogle && this.#google.has(name)) return;
    if (isGoogle && !this.#google.has(name)) {
      this.#google.add(name);
      delete this.#fields[name];
    }
    const known = this.#fields[name];
    if (Object.keys(parts).length > 0) {
      const before = Array.isArray(known) ? known.filter((each) => typeof each !== "string") : [];
      this.#fields[name] = [...before, parts];
    } else if (known === undefined) this.#fields[name] = text.trim();
    else {
      const before = [known].flat().filter((each) => typeof each === "string");
      this.#fields[name] = [...before, text.trim()];
    }
  }
}

/** Atom's links are attributes; those to the feed itself are none of the item. */
function readLink({ attributes }: QualifiedTag): string {
  const rel = attributes["rel"]?.value ?? "alternate";
  return rel === "alternate" ? (attributes["href"]?.value ?? "") : "";
}
