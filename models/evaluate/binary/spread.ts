// How a figure differs from fold to fold.

export type Spread = { mean: number; deviation: number };

/** The sample's standard deviation; NaN for a single value. */
export function describeSpread(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}
