// Who sees which variant: a hash decides, so that it stays the same without anything being stored.
import { hashText } from "../../catalog/hash.ts";
import type { Experiment, Variant } from "./contract.ts";

const RANGE = 2 ** 32;

/** 0..1, independent for each salt. */
export function drawShare(salt: string, shopper: string): number {
  return hashText(`${salt}\n${shopper}`) / RANGE;
}

/**
 * The variant of a shopper, or null for one who takes no part. More traffic adds shoppers and moves none; another
 * weight moves as few as it must only where it is the last variant's.
 *
 * @param shopper pseudonym
 */
export function assignVariant(experiment: Experiment, shopper: string): Variant | null {
  const { experiment_id, traffic, variants } = experiment;
  if (drawShare(`${experiment_id}:traffic`, shopper) >= traffic) return null;
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  let left = drawShare(`${experiment_id}:variant`, shopper) * total;
  for (const variant of variants) {
    left -= variant.weight;
    if (left < 0) return variant;
  }
  return variants.at(-1) ?? null;
}
