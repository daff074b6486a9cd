import * as fc from "fast-check";
import { expect, it } from "vitest";
import { decayTo } from "../../../durable/state/profile/affinity.ts";
import type { ShopEvent } from "../../../durable/state/event.ts";
import { LAPSED_AFTER, LAPSING_AFTER, readLifecycle } from "../../../durable/state/lifecycle.ts";
import { priceLevel, TOP_PRICE_LEVEL } from "../../../durable/state/profile/price-level.ts";
import { CATEGORY_RULE } from "../../../durable/state/profile/profile.ts";
import { SESSION_GAP } from "../../../durable/state/session.ts";
import type { ShopperState } from "../../../durable/state/shopper.ts";
import { emptyShopper, foldShopper } from "../../../durable/state/shopper.ts";
import { eventOf, lineOf, MINUTE, START } from "./arbitrary.ts";

function fold(...events: Partial<ShopEvent>[]): ShopperState {
  let state = emptyShopper();
  for (const [i, fields] of events.entries()) {
    state = foldShopper(state, eventOf({ name: "view_item", event_id: `e${i}`, ...fields }));
  }
  return state;
}

it("remembers touched items, oldest first, but no list impressions", () => {
  const { profile } = fold(
    { items: [lineOf("lamp", { price: 900, category: "home", brand: "Lux" })] },
    { name: "view_item_list", items: [lineOf("desk"), lineOf("chair")] },
    { name: "add_to_cart", items: [lineOf("lamp")], timestamp: START + 1 },
  );
  expect(profile.recent).toEqual([
    { item_id: "lamp", name: "view_item", at: START, price: 900, category: "home", brand: "Lux" },
    {
      item_id: "lamp",
      name: "add_to_cart",
      at: START + 1,
      price: null,
      category: null,
      brand: null,
    },
  ]);
  expect(profile.counts).toMatchObject({ view_item: 1, view_item_list: 1, add_to_cart: 1 });
});

it("halves interest in one half-life", () => {
  const items = [lineOf("lamp", { category: "home" })];
  const { profile } = fold(
    { items },
    { items: [lineOf("rake", { category: "garden" })], timestamp: START + CATEGORY_RULE.half_life },
  );
  expect(profile.categories.weights).toEqual([
    { key: "garden", weight: 1 },
    { key: "home", weight: expect.closeTo(0.5, 12) },
  ]);
  const later = decayTo(profile.categories, START + 2 * CATEGORY_RULE.half_life, CATEGORY_RULE);
  expect(later.weights[0]?.weight).toBeCloseTo(0.5, 12);
});

it("takes interest back when an item leaves the cart, never below nothing", () => {
  const items = [lineOf("lamp", { category: "home", brand: "Lux", price: 900 })];
  const { profile } = fold({ items }, { name: "remove_from_cart", items });
  expect(profile.categories.weights).toEqual([]);
  expect(profile.price_levels.weights).toEqual([]);
});

it("keeps the strongest interests only", () => {
  const events = Array.from({ length: 40 }, (_, i) => ({
    items: Array.from({ length: i + 1 }, () => lineOf("x", { category: `c${i}` })),
  }));
  const { weights } = fold(...events).profile.categories;
  expect(weights).toHaveLength(CATEGORY_RULE.limit);
  expect(weights[0]?.key).toBe("c39");
  expect(weights.at(-1)?.key).toBe(`c${40 - CATEGORY_RULE.limit}`);
});

it("ends a session after a silence, or when the id changes", () => {
  const sessions = (...events: Partial<ShopEvent>[]) => fold(...events).profile.sessions;
  expect(sessions({}, { timestamp: START + SESSION_GAP })).toBe(1);
  expect(sessions({}, { timestamp: START + SESSION_GAP + 1 })).toBe(2);
  expect(sessions({ session_id: "a" }, { session_id: "b", timestamp: START + 1 })).toBe(2);
  expect(sessions({}, { session_id: "a", timestamp: START + 1 })).toBe(1);
  const late = { session_id: "a", timestamp: START + 2 * SESSION_GAP };
  expect(sessions({ session_id: "a" }, late)).toBe(1);
});

it("tells two devices apart that are used at the same time", () => {
  const { profile } = fold(
    { session_id: "phone" },
    { session_id: "laptop", timestamp: START + 1 },
    { session_id: "phone", timestamp: START + 2 },
  );
  expect(profile.sessions).toBe(2);
  expect(profile.open_sessions.map(({ id, events }) => [id, events])).toEqual([
    ["laptop", 1],
    ["phone", 2],
  ]);
});

it("counts an order once though it comes line by line, or twice", () => {
  const order = { name: "purchase", transaction_id: "t1" } as const;
  const lamp = lineOf("lamp", { price: 900, quantity: 2 });
  const { profile } = fold(
    { ...order, items: [lamp], value: 1_800 },
    { ...order, items: [lineOf("desk", { price: 5_000 })] },
    { ...order, items: [lamp], value: 1_800 },
  );
  expect(profile.purchases).toMatchObject({ orders: 1, revenue: 6_800, refunds: 0 });
  expect(profile.purchases.bought.map(({ item_id, quantity }) => [item_id, quantity])).toEqual([
    ["desk", 1],
    ["lamp", 2],
  ]);
  expect(profile.counts.purchase).toBe(2);
});

it("takes orders without a transaction id for orders of their own", () => {
  const { profile } = fold(
    { name: "purchase", items: [lineOf("lamp", { price: 900 })] },
    { name: "purchase", items: [lineOf("lamp", { price: 900 })], timestamp: START + 9 },
  );
  expect(profile.purchases).toMatchObject({ orders: 2, revenue: 1_800, last_at: START + 9 });
  expect(profile.purchases.bought).toMatchObject([{ times: 2, quantity: 2 }]);
});

it("gives refunded items back", () => {
  const { profile } = fold(
    { name: "purchase", items: [lineOf("lamp", { price: 900, quantity: 2 })] },
    { name: "refund", items: [lineOf("lamp", { price: 900, quantity: 2 })] },
  );
  expect(profile.purchases).toMatchObject({ refunds: 1, refunded: 1_800, bought: [] });
});

it("names the segment of life", () => {
  const segment = (state: ShopperState, minutes = 0) =>
    readLifecycle(state, START + minutes * MINUTE);
  const order = (id: number): Partial<ShopEvent> => ({ name: "purchase", event_id: `o${id}` });
  expect(segment(emptyShopper())).toBe("new");
  expect(segment(fold({}))).toBe("new");
  expect(segment(fold({}, { timestamp: START + 2 * SESSION_GAP }))).toBe("browsing");
  expect(segment(fold({ name: "add_to_cart", items: [lineOf("lamp")] }))).toBe("cart");
  expect(segment(fold(order(1)))).toBe("customer");
  expect(segment(fold(order(1), order(2), order(3)))).toBe("loyal");
  expect(segment(fold(order(1)), LAPSING_AFTER / MINUTE + 1)).toBe("lapsing");
  expect(segment(fold(order(1)), LAPSED_AFTER / MINUTE + 1)).toBe("lapsed");
});

it("puts dearer prices on higher levels", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (a, b) => {
      fc.pre(a <= b);
      expect(priceLevel(a)).toBeLessThanOrEqual(priceLevel(b));
    }),
  );
  expect(priceLevel(0)).toBe(0);
  expect(priceLevel(1e15)).toBe(TOP_PRICE_LEVEL);
});
