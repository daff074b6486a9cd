// Mean and deviation of each feature over the lists that are learned from.
import type { Normalisation } from "../model.ts";
import type { RankedList } from "./training-set.ts";

/** A deviation below this is rounding, not information. */
const SMALLEST_DEVIATION = 1e-6;

export function measureNormalisation(lists: readonly RankedList[], width: number): Normalisation {
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  let rows = 0;
  for (const { features, count } of lists) {
    rows += count;
    for (let at = 0; at < count * width; at += width) {
      for (let column = 0; column < width; column++) {
        const x = features[at + column] ?? 0;
        sums[column] = (sums[column] ?? 0) + x;
        squares[column] = (squares[column] ?? 0) + x * x;
      }
    }
  }
  const mean = Float32Array.from(sums, (sum) => sum / rows);
  const inverse = Float32Array.from(squares, (square, column) => {
    const average = (sums[column] ?? 0) / rows;
    const deviation = Math.sqrt(Math.max(0, square / rows - average * average));
    return deviation > SMALLEST_DEVIATION ? 1 / deviation : 0;
  });
  return { mean, inverse };
}
