// Prices in steps that feel alike: each level is half as dear again as the one below. The fold
// does not know the currency, so levels are of minor units: 5000 yen and 50.00 euros share one, live and in training.

/** Upper ends of the levels in minor units, from 100 to about 5.7 million. */
const LEVEL_ENDS: readonly number[] = levelEnds(100, 1.5, 28);

/** The highest level; dearer prices share it. */
export const TOP_PRICE_LEVEL = LEVEL_ENDS.length;

/** The level of a price in minor units, 0 for the cheapest. */
export function priceLevel(price: number): number {
  let level = 0;
  while (level < TOP_PRICE_LEVEL && !(price < (LEVEL_ENDS[level] ?? 0))) level++;
  return level;
}

function levelEnds(first: number, ratio: number, count: number): number[] {
  const ends: number[] = [];
  for (let end = first; ends.length < count; end *= ratio) ends.push(Math.round(end));
  return ends;
}
