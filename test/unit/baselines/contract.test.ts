// The contract that every retriever keeps, whatever it knows.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoVisitation, createMarkov } from "../../../models/baselines/co-visitation.ts";
import { createBasketKnn, ItemKnn } from "../../../models/baselines/item-knn.ts";
import { Popularity } from "../../../models/baselines/popularity.ts";
import type { Click, Retriever } from "../../../models/baselines/retriever.ts";
import { VmisKnn } from "../../../models/baselines/vmis-knn.ts";

const DAY_MS = 86_400_000;

const RETRIEVERS: Record<string, () => Retriever> = {
  popularity: () => new Popularity(),
  "recent popularity": () => new Popularity({ halfLife: DAY_MS }),
  "popularity, short list": () => new Popularity({ maxLeaders: 3 }),
  markov: () => createMarkov(),
  "co-visitation": () => new CoVisitation(),
  "co-visitation, small and forgetful": () =>
    new CoVisitation({ halfLife: DAY_MS, maxNeighbours: 3, maxOpenSessions: 2 }),
  "item-knn": () => new ItemKnn(),
  "item-knn, small": () => new ItemKnn({ maxNeighbours: 2, maxOpenSessions: 2, maxWindow: 2 }),
  "bought-together": () => createBasketKnn(),
  "vmis-knn": () => new VmisKnn(),
  "vmis-knn, small": () =>
    new VmisKnn({ maxClicks: 7, maxSessions: 3, maxOpenSessions: 2, recentSessions: 2 }),
};

const clicks: fc.Arbitrary<Click[]> = fc.array(
  fc.record({
    session: fc.constantFrom<string | number>("a", "b", "c", 1, 2, 3),
    item: fc.oneof(fc.nat(9), fc.constantFrom(500, 70_000)),
    timestamp: fc.integer({ min: 0, max: 400 * DAY_MS }),
  }),
  { maxLength: 60 },
);
const context = fc.array(fc.nat(12), { maxLength: 15 });

describe.each(Object.entries(RETRIEVERS))("%s", (_name, create) => {
  it("proposes at most k known items, once each, best first, ties by item", () => {
    fc.assert(
      fc.property(clicks, context, fc.integer({ min: 1, max: 12 }), (history, session, k) => {
        const retriever = create();
        for (const click of history) retriever.observe(click);
        const found = retriever.retrieve(session, k);
        const known = new Set(history.map((click) => click.item));
        expect(found.length).toBeLessThanOrEqual(k);
        expect(new Set(found.map(({ item }) => item)).size).toBe(found.length);
        for (const [index, { item, score }] of found.entries()) {
          expect(known.has(item)).toBe(true);
          expect(Number.isFinite(score)).toBe(true);
          const above = found[index - 1];
          if (above === undefined) continue;
          expect(above.score > score || (above.score === score && above.item < item)).toBe(true);
        }
      }),
    );
  });

  it("gives the same answer again, and a shorter list is the start of a longer one", () => {
    fc.assert(
      fc.property(clicks, context, (history, session) => {
        const retriever = create();
        for (const click of history) retriever.observe(click);
        const long = retriever.retrieve(session, 10);
        expect(retriever.retrieve(session, 3)).toEqual(long.slice(0, 3));
        expect(retriever.retrieve(session, 10)).toEqual(long);
      }),
    );
  });

  it("learns click by click: asking in between changes nothing", () => {
    fc.assert(
      fc.property(clicks, context, (history, session) => {
        const [asked, silent] = [create(), create()];
        for (const click of history) {
          asked.observe(click);
          asked.retrieve(session, 5);
          silent.observe(click);
        }
        expect(asked.retrieve(session, 10)).toEqual(silent.retrieve(session, 10));
      }),
    );
  });

  it("answers a context of items that it never saw", () => {
    const retriever = create();
    expect(retriever.retrieve([123_456], 5)).toEqual([]);
    retriever.observe({ session: "a", item: 4, timestamp: 0 });
    expect(retriever.retrieve([123_456, 99], 5).length).toBeLessThanOrEqual(1);
  });
});
