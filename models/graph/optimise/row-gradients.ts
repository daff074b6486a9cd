// A table too large for the graph stays in JS. Before a step its rows are gathered into a dense tensor; after it
// the gradients of those rows are summed per row here, for a row optimiser to apply.

/** Copies `rows` of `table` [*, dim] into `out` [rows.length, dim]; a negative row gives zeros. */
export function gatherRows(
  table: Float32Array,
  dim: number,
  rows: Int32Array,
  out: Float32Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? -1;
    if (row < 0) out.fill(0, i * dim, (i + 1) * dim);
    else out.set(table.subarray(row * dim, (row + 1) * dim), i * dim);
  }
}

/** Sums gradients per row, in the order of arrival, so the sum is the same in every run. */
export class RowGradients {
  /** The rows touched, in order of first touch. */
  readonly rows: number[] = [];
  /** Their summed gradients, [rows.length, dim]; longer than needed. */
  sums: Float32Array;
  private readonly slotOf: Int32Array;
  readonly dim: number;

  constructor(tableRows: number, dim: number) {
    this.dim = dim;
    this.slotOf = new Int32Array(tableRows).fill(-1);
    this.sums = new Float32Array(1024 * dim);
  }

  /** `gradients` is [rows.length, dim]; negative rows are skipped. */
  add(rows: Int32Array, gradients: Float32Array): void {
    const { dim } = this;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? -1;
      if (row < 0) continue;
      const at = this.slot(row) * dim;
      const from = i * dim;
      for (let d = 0; d < dim; d++) {
        this.sums[at + d] = (this.sums[at + d] ?? 0) + (gradients[from + d] ?? 0);
      }
    }
  }

  clear(): void {
    for (const row of this.rows) this.slotOf[row] = -1;
    this.rows.length = 0;
  }

  private slot(row: number): number {
    const known = this.slotOf[row] ?? -1;
    if (known >= 0) return known;
    const slot = this.rows.length;
    this.slotOf[row] = slot;
    this.rows.push(row);
    if ((slot + 1) * this.dim > this.sums.length) {
      const larger = new Float32Array(this.sums.length * 2);
      larger.set(this.sums);
      this.sums = larger;
    }
    this.sums.fill(0, slot * this.dim, (slot + 1) * this.dim);
    return slot;
  }
}
