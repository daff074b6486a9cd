// Prices in steps that feel alike: each level is half as dear again as the one below.

/** Upper ends of the levels in minor units, from one unit of the currency to about 57,000 of them. */
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
