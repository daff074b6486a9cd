// Optimisers for tables outside the graph; they touch only the rows that a step used.
import type { RowGradients } from "./row-gradients.ts";

/** Updates rows of one table in place. Its state is plain arrays, so a checkpoint can keep them. */
export interface RowOptimiser {
  /** Optimiser state, in a fixed order; written to and read from checkpoints. */
  readonly state: readonly Float32Array[];
  apply(table: Float32Array, gradients: RowGradients, learningRate: number): void;
}

export type RowOptimiserName = "adagrad" | "adam";

export function createRowOptimiser(
  name: RowOptimiserName,
  rows: number,
  dim: number,
): RowOptimiser {
  return name === "adagrad" ? rowAdagrad(rows) : rowAdam(rows, dim);
}

/** Keeps a row's first steps from being infinite. */
const ADAGRAD_EPSILON = 1e-10;

/** Row-wise Adagrad (Duchi et al., 2011; one accumulator a row as in DLRM): 1 float a row. */
export function rowAdagrad(rows: number): RowOptimiser {
  const sumOfSquares = new Float32Array(rows);
  return {
    state: [sumOfSquares],
    apply(table, { rows: touched, sums, dim }, learningRate) {
      for (const [slot, row] of touched.entries()) {
        const at = slot * dim;
        let squares = 0;
        for (let d = 0; d < dim; d++) squares += (sums[at + d] ?? 0) ** 2;
        const total = (sumOfSquares[row] ?? 0) + squares / dim;
        sumOfSquares[row] = total;
        const rate = learningRate / (Math.sqrt(total) + ADAGRAD_EPSILON);
        for (let d = 0; d < dim; d++) {
          const i = row * dim + d;
          table[i] = (table[i] ?? 0) - rate * (sums[at + d] ?? 0);
        }
      }
    },
  };
}

/** The authors' own values: a row comes up rarely, so its variance needs a long memory. */
const ROW_ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/**
 * Adam (Kingma and Ba, 2015) on touched rows only: 2 floats a value. Each row counts its own steps, so a rare row's
 * first moments are corrected when it comes up, however late that is.
 */
export function rowAdam(rows: number, dim: number): RowOptimiser {
  const mean = new Float32Array(rows * dim);
  const variance = new Float32Array(rows * dim);
  const steps = new Float32Array(rows);
  const { beta1, beta2, epsilon } = ROW_ADAM;
  return {
    state: [mean, variance, steps],
    apply(table, { rows: touched, sums }, learningRate) {
      for (const [slot, row] of touched.entries()) {
        const t = (steps[row] ?? 0) + 1;
        steps[row] = t;
        const correction = Math.sqrt(1 - beta2 ** t);
        const rate = (learningRate * correction) / (1 - beta1 ** t);
        for (let d = 0; d < dim; d++) {
          const i = row * dim + d;
          const g = sums[slot * dim + d] ?? 0;
          const m = beta1 * (mean[i] ?? 0) + (1 - beta1) * g;
          const v = beta2 * (variance[i] ?? 0) + (1 - beta2) * g * g;
          mean[i] = m;
          variance[i] = v;
          table[i] = (table[i] ?? 0) - (rate * m) / (Math.sqrt(v) + epsilon * correction);
        }
      }
    },
  };
}
