// Columns that grow by parts, and dictionaries of repeated text: what a compact in-memory table is made of.

/** By how much a column grows: doubling would leave half of a large catalogue's columns empty. */
const GROWTH = 1.25;

/** A typed array that can make another of its kind. */
type Column<T> = {
  readonly length: number;
  set(source: T): void;
  fill(value: number, from: number): T;
};

/** The same values in an array of at least `length` values; new ones are `fill`. */
function grow<T extends Column<T>>(
  column: T,
  length: number,
  fill: number,
  create: (length: number) => T,
): T {
  if (column.length >= length) return column;
  const grown = create(Math.max(length, Math.ceil(column.length * GROWTH)));
  grown.set(column);
  return grown.fill(fill, column.length);
}

export const growBytes = (column: Uint8Array, length: number, fill: number) =>
  grow<Uint8Array>(column, length, fill, (size) => new Uint8Array(size));

export const growInts = (column: Int32Array, length: number, fill: number) =>
  grow<Int32Array>(column, length, fill, (size) => new Int32Array(size));

export const growUnsigned = (column: Uint32Array, length: number, fill: number) =>
  grow<Uint32Array>(column, length, fill, (size) => new Uint32Array(size));

export const growDoubles = (column: Float64Array, length: number, fill: number) =>
  grow<Float64Array>(column, length, fill, (size) => new Float64Array(size));

/** Numbers texts densely from 0, in order of first sight. */
export class Dictionary {
  readonly texts: string[] = [];
  readonly #codes = new Map<string, number>();

  /** -1 for a text never seen. */
  find(text: string): number {
    return this.#codes.get(text) ?? -1;
  }

  intern(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.texts.length;
    this.texts.push(text);
    this.#codes.set(text, code);
    return code;
  }
}
