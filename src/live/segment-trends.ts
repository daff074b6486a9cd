// What is popular with shoppers who come as this one does: by country, by device, by the site that sent them. It is all
// that a list for a new shopper can go by.
import type { EventContext } from "../../durable/state/event.ts";
import { ForwardDecay } from "../../models/baselines/forward-decay.ts";
import { crowdOf, TREND_SHOPPERS } from "./crowd.ts";
import type { Grant } from "./fair-share.ts";
import { RecentShoppers } from "./recent-shoppers.ts";
import { HALF_LIFE } from "./trending.ts";

/** How a visit came about; null where nobody knows. */
export type Visit = Omit<EventContext, "page">;

/** Segments that are counted; a shop's shoppers come from few countries and sites. Bounds the memory. */
const MAX_SEGMENTS = 40;
/** Items of one segment: when twice as many are counted, the lesser half is forgotten. About 100 kB, and 8 bytes an item of the shop. */
const KEPT_ITEMS = 1000;
/** Shoppers below which a segment says nothing that the whole shop does not say better. */
const FEW_SHOPPERS = 4;
/** An item needs more shoppers of the segment than this, however few those are: senders choose their country themselves. */
const LONE = 1;
/** Items of a ranking. */
const LIST_LENGTH = 100;

type Segment = {
  /** Items of its shoppers, fading, by which the emptiest gives way. */
  touches: number;
  shoppers: RecentShoppers;
  weights: Map<number, number>;
  ranked: readonly number[] | null;
};

export class SegmentTrends {
  readonly #segments = new Map<string, Segment>();
  readonly #leastShoppers: number;
  readonly #decay = new ForwardDecay(HALF_LIFE, (factor) => {
    for (const segment of this.#segments.values()) {
      segment.touches *= factor;
      for (const [item, weight] of segment.weights) segment.weights.set(item, weight * factor);
    }
  });

  constructor(leastShoppers = TREND_SHOPPERS) {
    this.#leastShoppers = leastShoppers;
  }

  observe(
    item: number,
    grant: Pick<Grant, "weight" | "shoppers" | "everybody">,
    at: number,
    visit: Visit,
  ): void {
    if (grant.weight === 0 && grant.shoppers === 0) return;
    const scale = this.#decay.weigh(at);
    for (const key of listSegments(visit)) {
      const segment = this.#open(key);
      segment.ranked = null;
      segment.touches += grant.shoppers * scale;
      segment.shoppers.observe(item, grant, at);
      segment.weights.set(item, (segment.weights.get(item) ?? 0) + grant.weight * scale);
      if (segment.weights.size > 2 * KEPT_ITEMS) {
        segment.weights = new Map(rank(segment.weights).slice(0, KEPT_ITEMS));
      }
    }
  }

  /** One ranking, best first, for each trait of the visit that enough others share. */
  list(visit: Visit): { trait: string; items: readonly number[] }[] {
    const lists: { trait: string; items: readonly number[] }[] = [];
    for (const key of listSegments(visit)) {
      const segment = this.#segments.get(key);
      if (segment === undefined) continue;
      const { shoppers, weights } = segment;
      if (shoppers.everybody <= FEW_SHOPPERS) continue;
      const crowd = Math.max(LONE, crowdOf(shoppers.everybody, this.#leastShoppers));
      segment.ranked ??= rank(weights)
        .filter(([item]) => shoppers.of(item) > crowd)
        .slice(0, LIST_LENGTH)
        .map(([item]) => item);
      lists.push({ trait: key, items: segment.ranked });
    }
    return lists;
  }

  /** Where there are too many, the one with the fewest shoppers makes room: made-up ones come one by one. */
  #open(key: string): Segment {
    const known = this.#segments.get(key);
    if (known !== undefined) return known;
    if (this.#segments.size >= MAX_SEGMENTS) {
      const all = [...this.#segments];
      const [emptiest] = all.reduce((a, b) => (b[1].touches < a[1].touches ? b : a));
      this.#segments.delete(emptiest);
    }
    const shoppers = new RecentShoppers();
    const segment: Segment = { touches: 0, shoppers, weights: new Map(), ranked: null };
    this.#segments.set(key, segment);
    return segment;
  }
}

/** The segments of a visit, the most telling first. */
function listSegments({ country, device, referrer }: Visit): string[] {
  const site = readHost(referrer);
  return [
    ...(country === null ? [] : [`country:${country.toUpperCase()}`]),
    ...(site === null ? [] : [`site:${site}`]),
    ...(device === null ? [] : [`device:${device.toLowerCase()}`]),
  ];
}

/** `www.example.com` of a URL; null where it is none. */
function readHost(referrer: string | null): string | null {
  return referrer !== null && URL.canParse(referrer) ? new URL(referrer).hostname || null : null;
}

function rank(weights: ReadonlyMap<number, number>): [number, number][] {
  return [...weights].sort(([a, left], [b, right]) => right - left || a - b);
}
