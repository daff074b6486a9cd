// Items by their words: any script, the likest first, nothing in common is no neighbour.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createBasketKnn } from "../../../models/baselines/item-knn.ts";
import { TextNeighbours } from "../../../models/baselines/text-neighbours.ts";

const neighboursOf = (texts: readonly string[], item: number) =>
  new TextNeighbours(texts).retrieve([item], 10).map((each) => each.item);

it("finds what shares words or parts of them, the likest first", () => {
  const texts = ["red wool socks", "RED WOOL HAT", "wool blanket", "steel pan", "woollen sock"];
  const [first] = neighboursOf(texts, 0);
  expect(first).toBe(1);
  expect(neighboursOf(texts, 0)).not.toContain(3);
  expect(neighboursOf(texts, 0)).toContain(4);
});

it("reads scripts that put no spaces between words", () => {
  expect(neighboursOf(["登山靴", "女士登山鞋", "平底锅"], 0)).toEqual([1]);
});

it("gives likenesses of at most 1, the same both ways, and none to itself", () => {
  const word = fc.constantFrom("red", "wool", "sock", "pan", "靴", "Été");
  const text = fc.array(word, { maxLength: 5 }).map((words) => words.join(" "));
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 8 }), (texts) => {
      const neighbours = new TextNeighbours(texts);
      const likeness = (a: number, b: number) =>
        neighbours.retrieve([a], 100).find(({ item }) => item === b)?.score ?? 0;
      expect(likeness(0, 0)).toBe(0);
      expect(likeness(0, 1)).toBeLessThan(1 + 1e-9);
      expect(likeness(0, 1)).toBeCloseTo(likeness(1, 0), 9);
    }),
  );
});

it("lets a small basket say more of what goes together than a large one", () => {
  const knn = createBasketKnn();
  const buy = (session: string, items: readonly number[]) => {
    for (const item of items) knn.observe({ session, item, timestamp: 0 });
  };
  buy("list of a wholesaler", [...Array.from({ length: 40 }, (_, index) => 10 + index), 1, 2]);
  buy("pair", [1, 3]);
  const [best] = knn.retrieve([1], 5);
  expect(best?.item).toBe(3);
});
