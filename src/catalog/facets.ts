// Which attributes each item has, as numbers: what rules filter and boost by. `colour: red` is one facet.
import { Dictionary, growInts } from "./columns.ts";

/** Distinct facets of a shop; later ones are not known. Free text (a description, say) is no facet and would fill memory. */
const MAX_FACETS = 50_000;
/** Facets of one item, and characters of a value that can be one. */
const MAX_OF_ITEM = 32;
const MAX_VALUE = 64;

/** No name or value holds it. */
const SEPARATOR = "\u0000";

export class Facets {
  readonly #names = new Dictionary();
  /** Facets of item i: `#codes[#start[i] .. #start[i] + #length[i])`. A change is appended; the old room is lost. */
  #start: Int32Array = new Int32Array(0);
  #length: Int32Array = new Int32Array(0);
  #codes: Int32Array = new Int32Array(0);
  #used = 0;
  #lost = 0;

  /** -1 where no item ever had it. */
  find(name: string, value: string): number {
    return this.#names.find(name + SEPARATOR + value);
  }

  has(item: number, facet: number): boolean {
    const start = this.#start[item] ?? 0;
    const end = start + (this.#length[item] ?? 0);
    for (let index = start; index < end; index++) if (this.#codes[index] === facet) return true;
    return false;
  }

  /** `attributes`: the item's JSON object, or null for none. What it had before is forgotten. */
  set(item: number, attributes: string | null): void {
    const codes = this.#read(attributes);
    const before = this.#length[item] ?? 0;
    if (codes.length === 0 && before === 0) return;
    this.#start = growInts(this.#start, item + 1, 0);
    this.#length = growInts(this.#length, item + 1, 0);
    this.#lost += before;
    this.#length[item] = 0;
    if (this.#lost > this.#used / 2) this.#compact();
    this.#codes = growInts(this.#codes, this.#used + codes.length, 0);
    this.#codes.set(codes, this.#used);
    this.#start[item] = this.#used;
    this.#length[item] = codes.length;
    this.#used += codes.length;
  }

  #read(attributes: string | null): number[] {
    if (attributes === null) return [];
    const json: unknown = JSON.parse(attributes);
    if (typeof json !== "object" || json === null) return [];
    const codes: number[] = [];
    for (const [name, values] of Object.entries(json)) {
      for (const value of [values].flat()) {
        if (codes.length >= MAX_OF_ITEM) return codes;
        const code = this.#intern(name, value);
        if (code !== -1) codes.push(code);
      }
    }
    return codes;
  }

  #intern(name: string, value: unknown): number {
    const isScalar = ["string", "number", "boolean"].includes(typeof value);
    const text = String(value);
    if (!isScalar || text.length > MAX_VALUE) return -1;
    const known = this.find(name, text);
    if (known !== -1) return known;
    if (this.#names.texts.length >= MAX_FACETS) return -1;
    return this.#names.intern(name + SEPARATOR + text);
  }

  /** Moves what is in use together, in order of items. */
  #compact(): void {
    const codes = new Int32Array(this.#codes.length);
    let used = 0;
    this.#length.forEach((length, item) => {
      const start = this.#start[item] ?? 0;
      codes.set(this.#codes.subarray(start, start + length), used);
      this.#start[item] = used;
      used += length;
    });
    this.#codes = codes;
    this.#used = used;
    this.#lost = 0;
  }
}
