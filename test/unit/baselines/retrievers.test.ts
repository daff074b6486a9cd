// What each retriever knows that the others do not.
import { describe, expect, it } from "vitest";
import { asScorer } from "../../../models/baselines/as-scorer.ts";
import { CoVisitation, createMarkov } from "../../../models/baselines/co-visitation.ts";
import { ItemKnn } from "../../../models/baselines/item-knn.ts";
import { Popularity } from "../../../models/baselines/popularity.ts";
import type { Retriever } from "../../../models/baselines/retriever.ts";
import { VmisKnn } from "../../../models/baselines/vmis-knn.ts";

/** One session after the other, a click a second. */
function learn<R extends Retriever>(retriever: R, sessions: readonly (readonly number[])[]): R {
  let clicks = 0;
  for (const [session, items] of sessions.entries()) {
    for (const item of items) retriever.observe({ session, item, timestamp: clicks++ * 1000 });
  }
  return retriever;
}

function items(retriever: Retriever, session: readonly number[], k = 10): number[] {
  return retriever.retrieve(session, k).map(({ item }) => item);
}

describe("popularity", () => {
  it("scores an item by its share of all clicks", () => {
    const popularity = learn(new Popularity(), [[1, 2, 2], [2]]);
    expect(popularity.retrieve([], 5)).toEqual([
      { item: 2, score: 0.75 },
      { item: 1, score: 0.25 },
    ]);
  });

  it("lets what is clicked now overtake what was clicked more often long ago", () => {
    const sessions = [Array<number>(20).fill(1), Array<number>(5).fill(2)];
    expect(items(learn(new Popularity(), sessions), [], 1)).toEqual([1]);
    expect(items(learn(new Popularity({ halfLife: 2000 }), sessions), [], 1)).toEqual([2]);
  });

  it("keeps the exact order of a short list when newcomers push in", () => {
    const popularity = learn(new Popularity({ maxLeaders: 2 }), [[1, 2, 3, 3, 2, 2, 1, 1, 1]]);
    expect(items(popularity, [])).toEqual([1, 2]);
  });
});

describe("markov", () => {
  it("gives the chances of the successors of the last item", () => {
    const markov = learn(createMarkov(), [
      [1, 2],
      [1, 2],
      [1, 1],
      [1, 3, 4],
    ]);
    expect(markov.retrieve([3, 1], 10)).toEqual([
      { item: 2, score: 0.5 },
      { item: 1, score: 0.25 },
      { item: 3, score: 0.25 },
    ]);
  });

  it("does not link the end of a session to the start of the next", () => {
    expect(
      items(
        learn(createMarkov(), [
          [1, 2],
          [3, 4],
        ]),
        [2],
      ),
    ).toEqual([]);
  });
});

it("co-visitation sees past a click in between, at a lower weight", () => {
  const sessions = [
    [1, 9, 2],
    [1, 8, 2],
    [1, 7, 2],
  ];
  expect(items(learn(createMarkov(), sessions), [1])).not.toContain(2);
  expect(items(learn(new CoVisitation(), sessions), [1])[0]).toBe(2);
});

it("item-knn prefers the item with the higher cosine to the more popular one", () => {
  const together = Array.from({ length: 30 }, () => [1, 2, 3]);
  const elsewhere = Array.from({ length: 300 }, (_, index) => [3, 100 + index]);
  expect(items(learn(new ItemKnn(), [...together, ...elsewhere]), [1], 2)).toEqual([2, 3]);
});

describe("vmis-knn", () => {
  it("follows the neighbours that share more of the context", () => {
    const sessions = [
      [1, 2, 5],
      [1, 2, 5],
      [7, 2, 6],
      [7, 2, 6],
    ];
    const found = items(learn(new VmisKnn(), sessions), [1, 2]);
    expect(found.indexOf(5)).toBeLessThan(found.indexOf(6));
  });

  it("prefers what came right after the shared item to what came before or later", () => {
    const found = items(learn(new VmisKnn(), [[3, 1, 4, 5]]), [1]);
    expect(found.indexOf(4)).toBeLessThan(found.indexOf(5));
    expect(found.indexOf(4)).toBeLessThan(found.indexOf(3));
  });

  it("prefers what the more recent of two equal neighbours chose", () => {
    const found = items(
      learn(new VmisKnn(), [
        [1, 4],
        [8, 9],
        [1, 5],
      ]),
      [1],
    );
    expect(found.indexOf(5)).toBeLessThan(found.indexOf(4));
  });

  it("knows a click at once, from a session that is still going on", () => {
    const retriever = new VmisKnn();
    retriever.observe({ session: "x", item: 1, timestamp: 0 });
    retriever.observe({ session: "x", item: 2, timestamp: 1 });
    expect(items(retriever, [1])).toContain(2);
  });
});

it("asScorer gives every item that is not proposed the worst score", async () => {
  const scorer = asScorer(learn(createMarkov(), [[1, 2]]), 4);
  const [known, unknown] = await scorer.score([[1], [3]]);
  expect([...(known ?? [])]).toEqual([-Infinity, -Infinity, 1, -Infinity]);
  expect([...(unknown ?? [])]).toEqual(Array(4).fill(-Infinity));
});
