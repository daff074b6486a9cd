// What an item sells in a day, from its own past.
import { expect, it } from "vitest";
import { estimateDemand } from "../../../src/supply/reorder/demand.ts";
import { play } from "../../../src/lab/supply/play.ts";

const steady = (units: number, days = 120) => new Float32Array(days).fill(units);

it("is the rate of what sells steadily, and nothing of what never sold", () => {
  expect(estimateDemand(steady(3)).mean).toBeCloseTo(3, 1);
  expect(estimateDemand(steady(0))).toEqual({ mean: 0, variance: 0 });
  expect(estimateDemand(new Float32Array())).toEqual({ mean: 0, variance: 0 });
});

it("follows the last weeks, and forgets neither at once what sold before", () => {
  const risen = Float32Array.from([...steady(1, 92), ...steady(5, 28)]);
  expect(estimateDemand(risen).mean).toBeGreaterThan(4);
  const quiet = Float32Array.from([...steady(5, 92), ...steady(0, 28)]);
  expect(estimateDemand(quiet).mean).toBeGreaterThan(0);
});

it("takes one outsized order for a large day only", () => {
  const days = Float32Array.from({ length: 120 }, (_, day) => (day % 3 === 0 ? 2 + (day % 2) : 0));
  const before = estimateDemand(days);
  days[110] = 80_995;
  expect(estimateDemand(days).mean).toBeLessThan(before.mean * 1.5);
});

it("is played: goods come after their lead time, and what is not there is not sold", () => {
  const demand = Float32Array.from([4, 0, 0, 0, 0, 0, 0, 6, 0, 5, 0, 0, 0, 0]);
  const played = play(demand, () => ({ point: 5, upTo: 5 }), [2]);
  // 5 there; the 4th of day 0 is ordered on day 7 and comes on day 9.
  expect(played).toEqual({
    asked: 15,
    sold: 9,
    held: 7,
    orders: 1,
    days: 14,
  });
});
