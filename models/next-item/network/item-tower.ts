// The item tower: an item's vector is its own row plus the rows of what is known of it (category, brand, price
// bucket). All rows stand in one table outside the graph: first the items, then the values of each field.
// Since the vector is a plain sum, its gradient is the gradient of every row in it.
import type { RowGradients } from "../../optimise/row-gradients.ts";
import type { Random } from "../../graph/random.ts";
import type { ContentField } from "../data/dataset.ts";

export class ItemTower {
  readonly items: number;
  readonly dim: number;
  /** [items + content values, dim]. */
  readonly table: Float32Array;
  readonly content: readonly ContentField[];
  /** The table row at which each field's values start. */
  private readonly starts: readonly number[];

  constructor(items: number, dim: number, content: readonly ContentField[]) {
    this.items = items;
    this.dim = dim;
    this.content = content;
    const starts: number[] = [];
    let rows = items;
    for (const field of content) {
      starts.push(rows);
      rows += field.values;
    }
    this.starts = starts;
    this.table = new Float32Array(rows * dim);
  }

  get rows(): number {
    return this.table.length / this.dim;
  }

  /** Normal values of length about 1; rows of items that training never shows stay zero where content speaks for them. */
  initialise(random: Random, seen: Uint8Array): void {
    const deviation = 1 / Math.sqrt(this.dim);
    for (let i = 0; i < this.table.length; i++) this.table[i] = random.normal() * deviation;
    if (this.content.length === 0) return;
    for (let item = 0; item < this.items; item++) {
      if (!seen[item]) this.table.fill(0, item * this.dim, (item + 1) * this.dim);
    }
  }

  /** The table rows whose sum is the item's vector. `hidden` leaves out its own. */
  rowsOf(item: number, hidden: boolean): number[] {
    const rows = hidden ? [] : [item];
    for (const [f, field] of this.content.entries()) {
      const value = field.of[item] ?? -1;
      if (value >= 0) rows.push((this.starts[f] ?? 0) + value);
    }
    return rows;
  }

  /** Writes the vectors of `items` to `out` [items.length, dim]; zeros for a negative item. */
  gather(items: Int32Array, hidden: Uint8Array | null, out: Float32Array): void {
    const { dim, table } = this;
    const plain = this.content.length === 0;
    for (let i = 0; i < items.length; i++) {
      const item = items[i] ?? -1;
      const to = i * dim;
      if (item < 0) out.fill(0, to, to + dim);
      else if (plain) out.set(table.subarray(item * dim, (item + 1) * dim), to);
      else this.sumRows(this.rowsOf(item, hidden?.[item] === 1), out, to);
    }
  }

  /** Hands the gradient of each vector, [items.length, dim], to all rows in it. */
  scatter(
    items: Int32Array,
    hidden: Uint8Array | null,
    gradients: Float32Array,
    sums: RowGradients,
  ): void {
    for (let i = 0; i < items.length; i++) {
      const item = items[i] ?? -1;
      if (item < 0) continue;
      if (this.content.length === 0) sums.addRow(item, gradients, i);
      else
        for (const row of this.rowsOf(item, hidden?.[item] === 1)) sums.addRow(row, gradients, i);
    }
  }

  /** Vectors of all items, [items, dim], not yet of unit length. */
  vectors(): Float32Array {
    const out = new Float32Array(this.items * this.dim);
    this.gather(
      Int32Array.from({ length: this.items }, (_, item) => item),
      null,
      out,
    );
    return out;
  }

  private sumRows(rows: readonly number[], out: Float32Array, to: number): void {
    const { dim, table } = this;
    out.fill(0, to, to + dim);
    for (const row of rows) {
      for (let d = 0; d < dim; d++) out[to + d] = (out[to + d] ?? 0) + (table[row * dim + d] ?? 0);
    }
  }
}
