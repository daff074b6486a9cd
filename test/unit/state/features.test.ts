import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { CandidateItem } from "../../../durable/state/features.ts";
import {
  FEATURES,
  readShopper,
  SHOPPER_FEATURES,
  writeFeatures,
} from "../../../durable/state/features.ts";
import type { ShopperState } from "../../../durable/state/shopper.ts";
import { emptyShopper, foldShopper } from "../../../durable/state/shopper.ts";
import { eventOf, lineOf, MINUTE, shopEvents, START } from "./arbitrary.ts";

const LAMP: CandidateItem = { item_id: "lamp", price: 900, category: "home", brand: "Lux" };

function read(state: ShopperState, item: CandidateItem, now: number): Record<string, number> {
  const vector = new Float32Array(FEATURES.length);
  writeFeatures(readShopper(state, now), item, vector, 0);
  return Object.fromEntries(FEATURES.map((name, i) => [name, vector[i] ?? Number.NaN]));
}

it("has a finite number for every feature of any shopper and item", () => {
  const items = fc.record({
    item_id: fc.constantFrom("lamp", "__proto__", "unknown"),
    price: fc.option(fc.nat()),
    category: fc.constantFrom(null, "home", "__proto__"),
    brand: fc.constantFrom(null, "valueOf"),
  });
  fc.assert(
    fc.property(shopEvents("e", { minutes: 900, maxLength: 50 }), items, (events, item) => {
      const state = events.reduce(foldShopper, emptyShopper());
      // Also at a moment before the last event: a clock may be behind.
      for (const now of [START, START + 2_000 * MINUTE]) {
        for (const value of Object.values(read(state, item, now)))
          expect(value).toSatisfy(Number.isFinite);
      }
    }),
  );
});

it("is all zero for a shopper never seen and an item of which nothing is known", () => {
  const nothing = { item_id: "x", price: null, category: null, brand: null };
  expect(Object.values(read(emptyShopper(), nothing, START))).toEqual(FEATURES.map(() => 0));
});

it("tells an item in the cart, its category and its price from others", () => {
  const line = lineOf("lamp", { price: 900, category: "home", brand: "Lux" });
  const state = foldShopper(emptyShopper(), eventOf({ name: "add_to_cart", items: [line] }));
  const seen = read(state, LAMP, START);
  expect(seen).toMatchObject({
    known: 1,
    in_cart: 1,
    was_carted: 1,
    category_share: 1,
    brand_share: 1,
    price_level_share: 1,
    price_level_above_usual: 0,
    touch_freshness: 1,
    touch_nearness: 1,
    same_category_as_last: 1,
    log_price_to_last: 0,
  });
  const other = read(state, { ...LAMP, item_id: "desk", category: "office", price: 9_000 }, START);
  expect(other).toMatchObject({ in_cart: 0, touched: 0, category_share: 0, brand_share: 1 });
  expect(other.price_level_above_usual).toBeGreaterThan(0);
});

it("writes many candidates side by side", () => {
  const reading = readShopper(emptyShopper(), START);
  const out = new Float32Array(2 * FEATURES.length).fill(-1);
  writeFeatures(reading, LAMP, out, FEATURES.length);
  expect(out.subarray(0, FEATURES.length).every((value) => value === -1)).toBe(true);
  expect(out.subarray(FEATURES.length).every((value) => value >= 0)).toBe(true);
});

it("names every feature once, those of the shopper first", () => {
  expect(new Set(FEATURES).size).toBe(FEATURES.length);
  expect(FEATURES.slice(0, SHOPPER_FEATURES.length)).toEqual(SHOPPER_FEATURES);
});
