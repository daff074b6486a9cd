// Levels of intermittent demand: Teunter, Syntetos and Babai (EJOR 2011) smooth the chance of a sale on every day and
// its size on days with one, so an item that nobody buys any more fades.
import { HORIZON, total } from "../data/panel.ts";

const SIZE_WEIGHT = 0.1;
const CHANCE_WEIGHT = 0.05;
/** Days that the first values are taken from. */
const START = 60;

/** Pieces a day after the last of `known`. */
export function tsbRate(known: Float32Array): number {
  const start = known.subarray(0, START);
  let sold = 0;
  let pieces = 0;
  for (const units of start) {
    if (units > 0) {
      sold++;
      pieces += units;
    }
  }
  let chance = sold / Math.max(1, start.length) + 1e-3;
  let size = sold > 0 ? pieces / sold : 0;
  for (const units of known.subarray(START)) {
    chance += CHANCE_WEIGHT * ((units > 0 ? 1 : 0) - chance);
    if (units > 0) size = size === 0 ? units : size + SIZE_WEIGHT * (units - size);
  }
  return chance * size;
}

/** Pieces in a horizon by the last one and half the last half year, and one more: what sums are divided by. */
export function demandLevel(known: Float32Array): number {
  const half = known.subarray(Math.max(0, known.length - 182));
  const last = known.subarray(Math.max(0, known.length - HORIZON));
  return total(last) + (0.5 * total(half) * HORIZON) / Math.max(1, half.length) + 1;
}
