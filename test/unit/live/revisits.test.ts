// The odds of going back, counted from what all shoppers did.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { listTouched, MAX_REVISITS, Revisits } from "../../../src/live/revisits.ts";

const walks = fc.array(fc.tuple(fc.constantFrom("ann", "bob", "eve"), fc.nat(6), fc.boolean()), {
  maxLength: 80,
});

it("gives probabilities, whatever was seen", () => {
  fc.assert(
    fc.property(walks, fc.array(fc.nat(40), { maxLength: 60 }), (walk, touches) => {
      const revisits = new Revisits();
      for (const [shopper, item, isChoice] of walk) revisits.observe(shopper, item, isChoice);
      const touched = listTouched(touches);
      const { again, fresh } = revisits.judge(touched);
      expect(again).toHaveLength(Math.min(MAX_REVISITS, new Set(touches).size));
      for (const odds of [...again, fresh]) {
        expect(odds).toBeGreaterThan(0);
        expect(odds).toBeLessThan(1);
      }
    }),
  );
});

it("lists what was touched once each, the latest first", () => {
  expect(listTouched([1, 2, 1, 3, 3])).toEqual({
    items: [3, 1, 2],
    times: [2, 2, 1],
    lastWasRepeat: true,
  });
});

it("learns a shop's own habit: here everybody goes back to the item before the last", () => {
  const revisits = new Revisits();
  for (let shopper = 0; shopper < 300; shopper++) {
    for (const item of [1, 2, 1, 2, 1]) revisits.observe(`s${shopper}`, item, true);
  }
  const { again } = revisits.judge(listTouched([1, 2]));
  expect(again[1]).toBeGreaterThan(0.8);
  expect(again[0]).toBeLessThan(0.1);
});

it("learns from choices alone, and joins the past of one who signs in", () => {
  const revisits = new Revisits();
  const before = revisits.judge(listTouched([1]));
  for (let step = 0; step < 50; step++) revisits.observe("ann", 1, false);
  expect(revisits.judge(listTouched([1]))).toEqual(before);
  revisits.link("ann", "user");
  revisits.observe("user", 1, true);
  expect(revisits.judge(listTouched([1, 1, 1])).again[0]).toBeGreaterThan(before.again[0] ?? 1);
});
