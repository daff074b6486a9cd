// How many different shoppers an item needs before others are shown it, so that none of them alone, nor the few of a
// hundred that are programs, chooses what everybody sees. A small shop must go by what few shoppers do.

/** Shoppers that an item of a shop of some size needs at least, where the shop does not say. */
export const TREND_SHOPPERS = 3;

/** Shoppers of the whole shop for each that an item needs; where there are fewer, anybody's word counts. */
const SHOP_PER_SHOPPER = 20;

/** Of all shoppers; as many programs together still are no crowd. */
const SHARE = 0.015;

/** An item must have more shoppers than this; 0 where one will do. */
export function crowdOf(everybody: number, least: number): number {
  return Math.min(least - 1, Math.floor(everybody / SHOP_PER_SHOPPER));
}

/**
 * The same for shops of many shoppers, where some hundredths of them are many too: as long as enough items pass.
 *
 * @param lastEnough shoppers of the last item that a list must have
 */
export function largeCrowdOf(everybody: number, least: number, lastEnough: number): number {
  const ample = Math.min(Math.floor(everybody * SHARE), lastEnough - 1);
  return Math.max(crowdOf(everybody, least), ample);
}
