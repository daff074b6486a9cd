// What makes scores log-probabilities. Summing e^score over a large catalogue is most of a request's work outside the
// models, so the exponential comes from a table, exact to a billionth.

/** Items this far (nats) below the best add less than a hundredth to the sum over 100,000 items. */
const NEGLIGIBLE = 16;
/** Entries of the table a nat: 8 kB in all, which stay in the fastest cache. */
const STEPS = 64;

/** e^(-k / STEPS) */
const TABLE = Float64Array.from({ length: NEGLIGIBLE * STEPS + 1 }, (_, k) => Math.exp(-k / STEPS));

/** The logarithm of the sum of e^score over a row. */
export function logTotal(row: Float32Array): number {
  const { length } = row;
  let largest = -Infinity;
  for (let item = 0; item < length; item++) {
    const score = row[item] ?? 0;
    if (score > largest) largest = score;
  }
  let total = 0;
  for (let item = 0; item < length; item++) {
    const below = largest - (row[item] ?? 0);
    if (!(below < NEGLIGIBLE)) continue;
    const step = Math.floor(below * STEPS);
    // The rest of the way, at most 1 / STEPS, by the first terms of the series of e^-rest.
    const rest = below - step / STEPS;
    const series = 1 - rest * (1 - (rest / 2) * (1 - (rest / 3) * (1 - rest / 4)));
    total += (TABLE[step] ?? 0) * series;
  }
  return largest + Math.log(total);
}
