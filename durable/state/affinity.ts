// Decayed, bounded interest in keys (categories, brands, price levels).

/** Weights as of `at` (ms), heaviest first, ties by key. */
export type Affinities = { at: number; weights: Affinity[] };

export type Affinity = { key: string; weight: number };
