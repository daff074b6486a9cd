// The replay's baseline and its latency figures against the plain way to compute them.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Latencies } from "../../../src/lab/replay/latencies.ts";
import { PopularityRanking } from "../../../src/lab/replay/popularity.ts";

describe("PopularityRanking", () => {
  it("ranks every item behind those seen more often, whatever the order of sights", () => {
    const sights = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f"), { maxLength: 60 });
    fc.assert(
      fc.property(sights, (items) => {
        const ranking = new PopularityRanking();
        for (const item of items) ranking.observe(item);
        const counts = new Map<string, number>();
        for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
        const byRank = [...counts.keys()].sort((a, b) => ranking.rankOf(a) - ranking.rankOf(b));
        expect(byRank.map((item) => ranking.rankOf(item))).toEqual(
          byRank.map((_, index) => index + 1),
        );
        const inOrder = byRank.map((item) => counts.get(item) ?? 0);
        expect(inOrder).toEqual(inOrder.toSorted((a, b) => b - a));
      }),
    );
  });

  it("does not know an item that was never seen", () => {
    expect(new PopularityRanking().rankOf("a")).toBe(Infinity);
  });
});

describe("Latencies", () => {
  it("gives quantiles within 1% of the exact ones, also after being saved and merged", () => {
    const values = fc.array(fc.double({ min: 0.02, max: 60_000, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (ms, share) => {
        const [first, second] = [new Latencies(), new Latencies()];
        for (const [index, value] of ms.entries()) (index % 2 === 0 ? first : second).add(value);
        const saved = new Latencies(JSON.parse(JSON.stringify(first)));
        const exact = ms.toSorted((a, b) => a - b)[Math.ceil(share * ms.length) - 1] ?? NaN;
        const told = Latencies.merge(saved, second).quantile(share) ?? NaN;
        expect(Math.abs(told / exact - 1)).toBeLessThan(0.0101);
      }),
    );
  });
});
