// What a model learned about categories, brands and price buckets, so that an item that no session ever held still
// gets a vector: the sum of the rows of what is known of it.
import type { ContentField } from "../data/dataset.ts";

/** The content part of the item tower. `rows` [sum of labels, dim], field after field. */
export type ContentTable = {
  dim: number;
  fields: readonly { name: string; labels: readonly string[] }[];
  rows: Float32Array;
};

export function createContentTable(
  content: readonly ContentField[],
  rows: Float32Array,
  dim: number,
): ContentTable {
  const fields = content.map(({ name, values, labels }) => ({
    name,
    labels: labels ?? Array.from({ length: values }, (_, value) => String(value)),
  }));
  return { dim, fields, rows };
}

/**
 * Unit vector of an item by its content alone, for instance `{category: "shoes", brand: "acme", price: "12"}`;
 * null where nothing of it is known to the model.
 */
export function contentVector(
  table: ContentTable,
  item: Readonly<Record<string, string>>,
): Float32Array | null {
  const { dim, fields, rows } = table;
  const sum = new Float32Array(dim);
  let start = 0;
  let known = false;
  for (const { name, labels } of fields) {
    const value = labels.indexOf(item[name] ?? "");
    if (value >= 0 && item[name] !== undefined) {
      known = true;
      const from = (start + value) * dim;
      for (let d = 0; d < dim; d++) sum[d] = (sum[d] ?? 0) + (rows[from + d] ?? 0);
    }
    start += labels.length;
  }
  const length = Math.sqrt(sum.reduce((total, x) => total + x * x, 0));
  return known && length > 0 ? sum.map((x) => x / length) : null;
}
