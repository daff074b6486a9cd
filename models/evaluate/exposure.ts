// What a recommender shows, whoever clicks: how much of the catalogue, and how popular it is.

export type Exposure = {
  /** Share of all items that are in at least one list, in percent. */
  coverage: number;
  /**
   * Popularity bias: the mean popularity (clicks in train) of what is shown, divided by that of what came next.
   * 1: as popular as what shoppers choose; above 1: drawn to the bestsellers. (After Abdollahpouri et al., 2019.)
   */
  popularityBias: number;
};

/**
 * @param lists item indices, -1 where a list is short
 * @param targets what came next, -1 where unknown
 * @param clicks of each item in train; shape [items]
 */
export function measureExposure(
  lists: Int32Array,
  targets: readonly number[],
  clicks: Int32Array,
): Exposure {
  const shown = new Set<number>();
  for (const item of lists) if (item >= 0) shown.add(item);
  return {
    coverage: (100 * shown.size) / clicks.length,
    popularityBias: meanClicks(lists, clicks) / meanClicks(targets, clicks),
  };
}

function meanClicks(items: Iterable<number>, clicks: Int32Array): number {
  let [sum, count] = [0, 0];
  for (const item of items) {
    if (item < 0) continue;
    sum += clicks[item] ?? 0;
    count++;
  }
  return sum / count;
}
