// A small made-up log and a pipeline over it, for tests of ranking.
import { Random } from "../../../models/graph/random.ts";
import type { NextItemData, SessionSequence } from "../../../models/next-item/data/dataset.ts";
import { roundedVectors } from "../../../models/next-item/network/item-vectors.ts";
import { Pipeline } from "../../../models/ranking/features/pipeline.ts";
import { createSources } from "../../../models/ranking/features/sources.ts";

export const ITEMS = 40;
const MINUTE = 60_000;
/** ms between two clicks of a session. */
export const CLICK_GAP = 4 * MINUTE;

/** Shoppers walk along a circle of items, sometimes back; with `rich`, they cart and buy what they see twice. */
export function makeLog({ sessions = 200, rich = false, seed = 5 } = {}): NextItemData {
  const random = new Random(seed);
  const list = Array.from({ length: sessions }, (_, number): SessionSequence => {
    let item = random.int(ITEMS);
    const items = Array.from({ length: 3 + random.int(5) }, () => {
      item = (item + (random.uniform() < 0.2 ? ITEMS - 1 : 1)) % ITEMS;
      return item;
    });
    if (!rich) return { items };
    const types = items.map((seen, at) => (items.indexOf(seen) < at ? 1 + random.int(2) : 0));
    // Sessions overlap, as in a shop.
    const times = items.map((_, at) => 10 * number * MINUTE + at * CLICK_GAP);
    return { items, types, times };
  });
  return rich
    ? {
        sessions: list.toSorted((a, b) => (a.times?.at(-1) ?? 0) - (b.times?.at(-1) ?? 0)),
        items: ITEMS,
        types: 3,
      }
    : { sessions: list, items: ITEMS };
}

/** Scores by circular distance from the last item: what an encoder would learn here. */
export const CIRCLE_ENCODER = {
  name: "circle",
  scorer: {
    scoreSessions: (sessions: readonly SessionSequence[]) =>
      Promise.resolve(
        sessions.map(({ items }) =>
          Float32Array.from({ length: ITEMS }, (_, item) => {
            const ahead = (item - (items.at(-1) ?? 0) + ITEMS) % ITEMS;
            return -Math.min(ahead, ITEMS - ahead);
          }),
        ),
      ),
  },
};

const DIM = 4;

export function makePipeline(): Pipeline {
  const random = new Random(9);
  return new Pipeline({
    retrievers: createSources({ sessions: 500, clicks: 5000, span: 1e8 }),
    encoders: [CIRCLE_ENCODER],
    vectors: roundedVectors(
      Float32Array.from({ length: ITEMS * DIM }, () => random.normal()),
      DIM,
    ),
    shopper: false,
  });
}
