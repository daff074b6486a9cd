// The arithmetic of ordering against closed forms, and what it says of plain cases.
import { describe, expect, it } from "vitest";
import {
  classify,
  demandQuantiles,
  learnLeadTime,
  planItem,
  steadiness,
} from "../../../src/supply/reorder/policy.ts";

const TERMS = {
  lead: { mean: 4, spread: 0 },
  review: 7,
  service: 0.95,
  pack: 1,
  minimum: 0,
  isNew: false,
};

/** P(at most `count`) of Poisson, by its sum. */
function poissonCdf(mean: number, count: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let k = 1; k <= count; k++) {
    term *= mean / k;
    sum += term;
  }
  return sum;
}

describe("a quantile of demand", () => {
  it.each([
    [2, 5, 0.9],
    [0.3, 14, 0.95],
    [11, 3, 0.99],
  ])("of %d a day for %d days at %d is Poisson's, where days vary no more", (mean, days, level) => {
    const [stock = 0] = demandQuantiles({ mean, variance: mean }, days, [level]);
    expect(poissonCdf(mean * days, stock)).toBeGreaterThanOrEqual(level - 1e-6);
    expect(poissonCdf(mean * days, stock - 1)).toBeLessThan(level);
  });

  it("is that of the normal base stock where demand is large", () => {
    const [stock = 0] = demandQuantiles({ mean: 5000, variance: 5000 }, 4, [0.975]);
    expect(stock / (20_000 + 1.959964 * Math.sqrt(20_000))).toBeCloseTo(1, 4);
  });

  it("counts a lead time that varies: variance d²s² (Silver, Pyke and Thomas)", () => {
    const [stock = 0] = demandQuantiles({ mean: 500, variance: 2500 }, 4, [0.975], 2);
    const deviation = Math.sqrt(4 * 2500 + 500 ** 2 * 4);
    // Skewed to the right as a gamma of the same mean and variance, whose quantile by Wilson and Hilferty is this.
    const shape = (2000 / deviation) ** 2;
    const gamma = 2000 * (1 - 1 / (9 * shape) + 1.959964 / (3 * Math.sqrt(shape))) ** 3;
    expect(stock / gamma).toBeCloseTo(1, 2);
  });

  it("at the critical fractile is the newsvendor's", () => {
    // A piece that is wanted earns 3, one that is not costs 1.
    const fractile = 3 / (3 + 1);
    // Poisson of 20: P(at most 23) = .787, P(at most 22) = .721.
    expect(demandQuantiles({ mean: 20, variance: 20 }, 1, [fractile])).toEqual([23]);
  });
});

describe("a plan", () => {
  const steady = { mean: 2, variance: 2 };

  it("orders nothing while enough is there or on order, and says when it will", () => {
    const plan = planItem(steady, 5, 40, TERMS);
    expect(plan).toMatchObject({ quantity: 0, state: "good" });
    expect(plan.order_in_days).toBe(Math.floor((40 - plan.reorder_point) / 2));
  });

  it("orders up to the level, in packs, and at least the minimum", () => {
    const { reorder_point, order_up_to, quantity } = planItem(steady, 3, 12, TERMS);
    expect(reorder_point).toBeGreaterThan(12);
    expect(quantity).toBe(order_up_to - 12);
    expect(planItem(steady, 3, 12, { ...TERMS, pack: 12 }).quantity % 12).toBe(0);
    const large = planItem(steady, 3, 12, { ...TERMS, minimum: 500 });
    expect(large).toMatchObject({ quantity: 500, is_rounded_to_excess: true });
  });

  it("tells the chance to run out, and the days until then", () => {
    const plan = planItem(steady, 8, 8, TERMS);
    // More than 8 of Poisson 8: 1 - .5925.
    expect(plan.stockout_probability).toBeCloseTo(0.4075, 1);
    expect(plan.days_left.p50).toBeGreaterThanOrEqual(4);
    expect(plan.days_left.p50).toBeLessThanOrEqual(5);
    expect(plan.days_left.p90).toBeGreaterThan(plan.days_left.p50 ?? Infinity);
  });

  it.each([
    ["critical", 0, 0, steady],
    ["order_now", 8, 8, steady],
    ["good", 30, 30, steady],
    ["excess", 900, 900, steady],
    ["dead", 5, 5, { mean: 0, variance: 0 }],
  ])("is %s", (state, on_hand, position, demand) => {
    expect(planItem(demand, on_hand, position, TERMS).state).toBe(state);
  });
});

it("calls nothing dead that has not been for sale for long", () => {
  const nothing = { mean: 0, variance: 0 };
  expect(planItem(nothing, 5, 5, { ...TERMS, isNew: true }).state).toBe("good");
});

describe("a lead time", () => {
  const told = { mean: 7, spread: 2 };

  it("is the supplier's word until orders say otherwise", () => {
    expect(learnLeadTime(told, [], [])).toEqual(told);
    const learned = learnLeadTime(told, Array(36).fill(14), []);
    expect(learned.mean).toBeCloseTo((4 * 7 + 36 * 14) / 40, 9);
    expect(learned.spread).toBeGreaterThan(2);
  });

  it("grows with an order that is overdue, and not with one that is not", () => {
    expect(learnLeadTime(told, [], [5])).toEqual(told);
    expect(learnLeadTime(told, [], [40]).mean).toBeGreaterThan(7);
  });
});

it("classes items by their share of the money and by how steady they sell", () => {
  const classes = classify(
    new Map([
      ["a", 800],
      ["b", 150],
      ["c", 50],
      ["d", 0],
    ]),
  );
  expect(Object.fromEntries(classes)).toEqual({ a: "A", b: "B", c: "C", d: "C" });
  expect([
    steadiness([5, 5, 6]),
    steadiness([1, 5, 9]),
    steadiness([0, 0, 9]),
    steadiness([]),
  ]).toEqual(["X", "Y", "Z", "Z"]);
});
