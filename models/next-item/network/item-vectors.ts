// Unit vectors of items, as similarity features read them. Training reads them as they are published, rounded, so that
// both sides see the same numbers.
import { quantiseRows } from "./quantise.ts";
import type { TableForm } from "./table-form.ts";

export type ItemVectors<Item extends number = number> = {
  dim: number;
  /** Writes the vector of an item into `out`, [dim]; zeros for an item that has none. */
  read(item: Item, out: Float64Array): void;
};

/** Bytes of a row's scale, a float32. */
const SCALE = 4;

/**
 * The published file of `rows` [items, dim]: int8 [items, dim] and then a float32 scale a row beside an int8 table, else
 * half floats [items, dim].
 */
export function writeVectors(rows: Float32Array, dim: number, form: TableForm): Uint8Array {
  if (form !== "int8") return bytesOf(new Float16Array(rows));
  const { values, scales } = quantiseRows(rows, dim);
  const bytes = new Uint8Array(values.length + scales.byteLength);
  bytes.set(bytesOf(values));
  bytes.set(bytesOf(scales), values.length);
  return bytes;
}

/** Reads such a file, mostly in place; null where it has no whole number of values for each of the items. */
export function readVectors(bytes: Uint8Array, items: number, form: TableForm): ItemVectors | null {
  const dim = form === "int8" ? bytes.length / items - SCALE : bytes.length / items / 2;
  if (!Number.isInteger(dim) || dim <= 0) return null;
  return form === "int8" ? byteVectors(bytes, items, dim) : halfVectors(bytes, dim);
}

/** Vectors as they come out of their file. @param rows unit vectors, [items, dim] */
export function roundedVectors(
  rows: Float32Array,
  dim: number,
  form: TableForm = "float32",
): ItemVectors {
  const read = readVectors(writeVectors(rows, dim, form), rows.length / dim, form);
  if (read === null) throw new Error(`${rows.length} values are no rows of ${dim}`);
  return read;
}

function byteVectors(bytes: Uint8Array, items: number, dim: number): ItemVectors {
  const values = new Int8Array(bytes.buffer, bytes.byteOffset, items * dim);
  const scales = new Float32Array(bytes.slice(items * dim).buffer);
  return {
    dim,
    read(item, out) {
      const scale = scales[item] ?? 0;
      const from = item * dim;
      for (let d = 0; d < dim; d++) out[d] = (values[from + d] ?? 0) * scale;
    },
  };
}

function halfVectors(bytes: Uint8Array, dim: number): ItemVectors {
  // A view where it may be one: a copy would double the largest file while the model is being opened.
  const isAligned = bytes.byteOffset % Float16Array.BYTES_PER_ELEMENT === 0;
  const { buffer, byteOffset, length } = isAligned ? bytes : bytes.slice();
  const halves = new Float16Array(buffer, byteOffset, length / Float16Array.BYTES_PER_ELEMENT);
  return {
    dim,
    read(item, out) {
      const from = item * dim;
      for (let d = 0; d < dim; d++) out[d] = halves[from + d] ?? 0;
    },
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
