// Decayed, bounded interest in keys (categories, brands, price levels).
import { halve } from "../arithmetic.ts";

/** Weights as of `at` (ms), heaviest first, ties by key. */
export type Affinities = { at: number; weights: Affinity[] };

export type Affinity = { key: string; weight: number };

/** How fast interest fades, and how many keys are kept. */
export type AffinityRule = { half_life: number; limit: number };

export const NO_AFFINITIES: Affinities = { at: 0, weights: [] };

/** A weight below this is forgotten: a single view, ten half-lives ago. */
const FORGOTTEN = 0.001;

/** The weights as they stand at `now` (ms), not before `affinities.at`. */
export function decayTo(affinities: Affinities, now: number, rule: AffinityRule): Affinities {
  if (now <= affinities.at || affinities.weights.length === 0) return affinities;
  const factor = halve((now - affinities.at) / rule.half_life);
  return {
    at: now,
    weights: affinities.weights.map(({ key, weight }) => ({ key, weight: weight * factor })),
  };
}

/** Adds gains by key (negative ones take away, down to nothing) at event time `at`. */
export function addInterest(
  affinities: Affinities,
  gains: ReadonlyMap<string, number>,
  at: number,
  rule: AffinityRule,
): Affinities {
  if (gains.size === 0) return affinities;
  const current = decayTo(affinities, at, rule);
  const time = Math.max(affinities.at, at);
  const fade = halve((time - at) / rule.half_life);
  const weights = current.weights.map(({ key, weight }) => ({
    key,
    weight: weight + (gains.get(key) ?? 0) * fade,
  }));
  for (const [key, gain] of gains) {
    if (!weights.some((known) => known.key === key)) weights.push({ key, weight: gain * fade });
  }
  return { at: time, weights: keepHeaviest(weights, rule) };
}

/** Both interests together, as of the later time. */
export function mergeAffinities(a: Affinities, b: Affinities, rule: AffinityRule): Affinities {
  if (a.weights.length === 0) return b.weights.length === 0 && a.at > b.at ? a : b;
  if (b.weights.length === 0) return a;
  const [older, newer] = a.at < b.at ? [a, b] : [b, a];
  const gains = new Map(older.weights.map(({ key, weight }) => [key, weight]));
  return addInterest(newer, gains, older.at, rule);
}

function keepHeaviest(weights: Affinity[], rule: AffinityRule): Affinity[] {
  return weights
    .filter(({ weight }) => weight >= FORGOTTEN)
    .sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1))
    .slice(0, rule.limit);
}
