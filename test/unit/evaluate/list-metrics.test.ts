// Metrics of lists against their definitions.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { gainsOfList } from "../../../models/evaluate/list-metrics.ts";
import { gainsOf } from "../../../models/evaluate/metrics.ts";
import { rankOfTarget } from "../../../models/evaluate/ranks.ts";

const scores = fc.array(fc.constantFrom(0, 0.1, 0.4, 0.9), { minLength: 1, maxLength: 30 });

it("is what full ranking says where one item is relevant", () => {
  fc.assert(
    fc.property(scores, fc.nat(), (row, pick) => {
      const target = pick % row.length;
      const ranks = Float64Array.of(rankOfTarget(Float32Array.from(row), target));
      const gains = gainsOfList(row, [target], 10);
      for (const kind of ["hr", "mrr", "ndcg"] as const) {
        expect(gains[kind]).toBeCloseTo(gainsOf(ranks, kind, 10)[0] ?? NaN, 9);
      }
    }),
  );
});

it("is 1 where all that is relevant leads, and less where anything else is level with it", () => {
  expect(gainsOfList([0.1, 0.9, 0.8, 0.2], [2, 1], 3)).toEqual({ hr: 1, mrr: 1, ndcg: 1 });
  const tied = gainsOfList([0.8, 0.9, 0.8, 0.2], [2, 1], 3);
  expect(tied.mrr).toBe(1);
  expect(tied.ndcg).toBeCloseTo((1 + 1 / 2) / (1 + 1 / Math.log2(3)), 9);
});

it("never gains from ties or from scores that are no numbers", () => {
  expect(gainsOfList([0.5, 0.5, 0.5], [0], 2)).toEqual({ hr: 0, mrr: 0, ndcg: 0 });
  expect(gainsOfList([NaN, 0.5, 0.4], [0], 2).hr).toBe(0);
  expect(gainsOfList([0.3, NaN], [0], 2).mrr).toBe(0.5);
});

it("asks for no more than fits above the cutoff", () => {
  expect(gainsOfList([0.9, 0.8, 0.7], [0, 1, 2], 2).ndcg).toBeCloseTo(1, 9);
  expect(gainsOfList([0.9, 0.8], [], 2)).toEqual({ hr: 0, mrr: 0, ndcg: 0 });
});
