// A table too large for the graph stays in JS. Before a step its rows are gathered into a dense tensor; after it
// the gradients of those rows are summed per row here, for a row optimiser to apply.

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

  /** Adds row `from` of `gradients` [*, dim] to table row `row`. */
  addRow(row: number, gradients: Float32Array, from: number): void {
    const { dim } = this;
    const at = this.slot(row) * dim;
    const base = from * dim;
    const { sums } = this;
    for (let d = 0; d < dim; d++) sums[at + d] = (sums[at + d] ?? 0) + (gradients[base + d] ?? 0);
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
