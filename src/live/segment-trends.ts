// What is popular with shoppers who come as this one does: by country, by device, by the site that sent them. It is all
// that a list for a new shopper can go by.
import type { EventContext, EventName } from "../../durable/state/event.ts";
import { ForwardDecay } from "../../models/baselines/forward-decay.ts";
import { EVENT_WEIGHTS, HALF_LIFE } from "./trending.ts";

/** How a visit came about; null where nobody knows. */
export type Visit = Omit<EventContext, "page">;

/** Segments that are counted, first come; a shop's shoppers come from few countries and sites. Bounds the memory. */
const MAX_SEGMENTS = 40;
/** Items of one segment: when twice as many are counted, the lesser half is forgotten. About 100 kB. */
const KEPT_ITEMS = 1000;
/** Events below which a segment says nothing that the whole shop does not say better. */
const FEW_EVENTS = 20;
/** Items of a ranking. */
const LIST_LENGTH = 100;

type Segment = { events: number; weights: Map<number, number>; ranked: readonly number[] | null };

export class SegmentTrends {
  readonly #segments = new Map<string, Segment>();
  readonly #decay = new ForwardDecay(HALF_LIFE, (factor) => {
    for (const { weights } of this.#segments.values()) {
      for (const [item, weight] of weights) weights.set(item, weight * factor);
    }
  });

  observe(item: number, name: EventName, timestamp: number, visit: Visit): void {
    const weight = EVENT_WEIGHTS[name];
    if (weight === undefined) return;
    const grown = weight * this.#decay.weigh(timestamp);
    for (const key of listSegments(visit)) {
      const segment = this.#open(key);
      if (segment === null) continue;
      segment.events += 1;
      segment.ranked = null;
      segment.weights.set(item, (segment.weights.get(item) ?? 0) + grown);
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
      if (segment === undefined || segment.events < FEW_EVENTS) continue;
      segment.ranked ??= rank(segment.weights)
        .slice(0, LIST_LENGTH)
        .map(([item]) => item);
      lists.push({ trait: key, items: segment.ranked });
    }
    return lists;
  }

  #open(key: string): Segment | null {
    const known = this.#segments.get(key);
    if (known !== undefined) return known;
    if (this.#segments.size >= MAX_SEGMENTS) return null;
    const segment: Segment = { events: 0, weights: new Map(), ranked: null };
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
