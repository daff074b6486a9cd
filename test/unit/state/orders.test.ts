// Orders as entities: however they are told, they come out the same.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../durable/state/canonical-json.ts";
import type { ShopEvent } from "../../../durable/state/event.ts";
import {
  KEPT_ORDERS,
  mergePurchases,
  foldPurchases,
} from "../../../durable/state/orders/purchases.ts";
import { NO_PURCHASES, type Purchases } from "../../../durable/state/orders/purchases.ts";
import {
  emptyStream,
  LATENESS_WINDOW,
  receive,
  WINDOW_WEIGHT,
} from "../../../durable/state/receive.ts";
import { completeState, emptyShopper, foldShopper } from "../../../durable/state/shopper.ts";
import type { ShopperState } from "../../../durable/state/shopper.ts";
import { eventOf, lineOf, MINUTE, START } from "./arbitrary.ts";

type Told = Partial<ShopEvent> & Pick<ShopEvent, "name">;

const order = (transaction_id: string | null, fields: Partial<ShopEvent> = {}): Told => ({
  name: "purchase",
  transaction_id,
  ...fields,
});
const refund = (transaction_id: string | null, fields: Partial<ShopEvent> = {}): Told => ({
  name: "refund",
  transaction_id,
  ...fields,
});

function number(told: readonly Told[]): ShopEvent[] {
  return told.map((fields, i) => eventOf({ event_id: `e${i}`, timestamp: START + i, ...fields }));
}

function tell(...told: Told[]): ShopperState {
  return number(told).reduce(foldShopper, emptyShopper());
}

const A = lineOf("A", { price: 1_000 });
const B = lineOf("B", { price: 500, quantity: 2 });
const boughtIn = ({ profile }: ShopperState) =>
  profile.purchases.bought.map(({ item_id, quantity }) => [item_id, quantity]);

describe("an order", () => {
  it("counts once though others came in between", () => {
    const { purchases } = tell(
      order("1", { items: [A] }),
      order("2", { items: [B] }),
      order("1", { items: [A] }),
    ).profile;
    expect(purchases).toMatchObject({ orders: 2, revenue: 2_000 });
  });

  it("grows by what is told of it later", () => {
    const more = { ...A, quantity: 3 };
    const state = tell(
      order("1", { items: [A] }),
      order("1", { items: [more] }),
      order("1", { items: [A, B] }),
    );
    expect(state.profile.purchases).toMatchObject({ orders: 1, revenue: 4_000 });
    expect(boughtIn(state)).toEqual([
      ["A", 3],
      ["B", 2],
    ]);
  });

  it("has the shop's total, discount and all, and the larger sum where it is told in parts", () => {
    const revenue = (...told: Told[]) => tell(...told).profile.purchases.revenue;
    expect(revenue(order("1", { items: [A, B], value: 1_800 }))).toBe(1_800);
    expect(
      revenue(order("1", { items: [A], value: 2_000 }), order("1", { items: [B], value: 2_000 })),
    ).toBe(2_000);
    expect(
      revenue(order("1", { items: [A], value: 1_000 }), order("1", { items: [B], value: 1_000 })),
    ).toBe(2_000);
  });

  it("is of its value where it names no items, and closes the cart", () => {
    const state = tell({ name: "add_to_cart", items: [A] }, order("1", { value: 1_000 }));
    expect(state.profile.purchases).toMatchObject({ orders: 1, revenue: 1_000 });
    expect(state.cart).toMatchObject({ stage: "purchased", lines: [] });
  });

  it("leaves alone the cart that was filled since, when it is told again", () => {
    const state = tell(
      order("1", { items: [A] }),
      { name: "add_to_cart", items: [A] },
      order("1", { items: [A] }),
    );
    expect(state.cart.lines).toHaveLength(1);
  });

  it("has a weight as well as pieces", () => {
    const ham = lineOf("ham", { price: 1_999, quantity: 0.3 });
    const state = tell(order("1", { items: [ham, ham] }));
    expect(state.profile.purchases.revenue).toBe(1_200);
    expect(boughtIn(state)).toEqual([["ham", 0.6]]);
  });

  it("does not count once it is cancelled", () => {
    const state = tell(order("1", { items: [A] }), { name: "cancel", transaction_id: "1" });
    expect(state.profile.purchases).toMatchObject({
      orders: 0,
      revenue: 0,
      refunded: 0,
      last_at: null,
    });
    expect(boughtIn(state)).toEqual([]);
  });
});

describe("a refund", () => {
  const twoLines = order("1", { items: [A, B] });
  const refundedBy = (...told: Told[]) => {
    const state = tell(twoLines, ...told);
    return [state.profile.purchases.refunded, ...boughtIn(state)];
  };

  it("by the id alone takes all of it back", () => {
    expect(refundedBy(refund("1"))).toEqual([2_000]);
  });

  it("by quantity takes so many back, and no more than there were", () => {
    expect(refundedBy(refund("1", { items: [{ ...B, quantity: 1 }] }))).toEqual([
      500,
      ["A", 1],
      ["B", 1],
    ]);
    expect(refundedBy(refund("1", { items: [{ ...B, quantity: 9 }] }))).toEqual([1_000, ["A", 1]]);
  });

  it("without a quantity takes the line", () => {
    expect(refundedBy(refund("1", { items: [lineOf("B", { quantity: null })] }))).toEqual([
      1_000,
      ["A", 1],
    ]);
  });

  it("told twice counts once, and two different ones both", () => {
    const one = refund("1", { items: [{ ...B, quantity: 1 }] });
    expect(refundedBy(one, one)).toEqual([500, ["A", 1], ["B", 1]]);
    expect(refundedBy(one, refund("1", { items: [A] }), one)).toEqual([1_500, ["B", 1]]);
  });

  it("of an amount leaves the goods with the shopper, unless it is all", () => {
    expect(refundedBy(refund("1", { value: 300 }))).toEqual([300, ["A", 1], ["B", 2]]);
    expect(refundedBy(refund("1", { value: 2_000 }))).toEqual([2_000]);
  });

  it("finds the lines of an event with several of one item", () => {
    const lines = [A, { ...A, quantity: 2 }];
    const state = tell(order("1", { items: lines }), refund("1", { items: lines }));
    expect(state.profile.purchases).toMatchObject({ revenue: 3_000, refunded: 3_000, bought: [] });
  });

  it("finds its variant, and any where it names none", () => {
    const red = { ...A, variant: "red" };
    const blue = { ...A, variant: "blue", price: 1_500 };
    const twice = order("1", { items: [red, blue] });
    const refunded = (line: typeof A) =>
      tell(twice, refund("1", { items: [line] })).profile.purchases.refunded;
    expect(refunded({ ...blue, price: null })).toBe(1_500);
    expect(refunded({ ...A, quantity: null })).toBe(2_500);
  });

  it("may come before its order", () => {
    const state = tell(refund("1"), twoLines);
    expect(state.profile.purchases).toMatchObject({ orders: 1, refunded: 2_000, bought: [] });
    expect(tell(refund("1")).profile.purchases).toMatchObject({ orders: 0, refunded: 0 });
  });
});

const line = fc.record({
  item: fc.constantFrom("A", "B"),
  variant: fc.constantFrom(null, "red", "blue"),
  price: fc.option(fc.integer({ min: 0, max: 5_000 })),
  quantity: fc.constantFrom(null, 1, 2, 3, 0.5),
});
const told = fc
  .record({
    name: fc.constantFrom("purchase", "purchase", "purchase", "refund", "cancel"),
    transaction_id: fc.constantFrom("1", "2", "3", "4", null),
    value: fc.option(fc.integer({ min: 0, max: 9_000 })),
    minute: fc.nat({ max: 60 * 24 * 3 }),
    lines: fc.array(line, { maxLength: 3 }),
  })
  .map(({ lines, minute, ...fields }): Told => ({
    ...fields,
    timestamp: START + minute * MINUTE,
    items: lines.map(({ item, ...change }) => lineOf(item, change)),
  }));
const history = fc.array(told, { maxLength: 20 }).map(number);
const foldAll = (events: readonly ShopEvent[]) => events.reduce(foldPurchases, NO_PURCHASES);

describe("the orders of a shopper", () => {
  it("come out the same in any order, told any number of times", () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (events, random) => {
        const shuffled = [...events, ...events]
          .map((event) => ({ event, at: Number(random.next().value) }))
          .sort((a, b) => a.at - b.at)
          .map(({ event }) => event);
        expect(canonicalJson(foldAll(shuffled))).toBe(canonicalJson(foldAll(events)));
      }),
    );
  });

  it("come out the same when two shoppers who told them turn out to be one", () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.boolean()), (events, sides) => {
        const isMine = events.map(() => sides.next().value === true);
        const mine = foldAll(events.filter((_, i) => isMine[i]));
        const theirs = foldAll(events.filter((_, i) => !isMine[i]));
        expect(mergePurchases(mine, theirs)).toEqual(foldAll(events));
      }),
    );
  });

  it("give back no more than they came to", () => {
    fc.assert(
      fc.property(history, (events) => {
        for (const { revenue, refunded, lines, at } of foldAll(events).last_orders) {
          if (at === null) continue;
          expect(refunded).toBeLessThanOrEqual(revenue);
          expect(refunded).toBeGreaterThanOrEqual(0);
          for (const line of lines) expect(line.refunded).toBeLessThanOrEqual(line.quantity);
        }
      }),
    );
  });

  it("are counted, but not kept, beyond the last ones; told again they do not count again", () => {
    const many = number(
      Array.from({ length: KEPT_ORDERS + 30 }, (_, i) => order(`t${i}`, { items: [A] })),
    );
    const purchases = [...many, ...many].reduce<Purchases>(foldPurchases, NO_PURCHASES);
    expect(purchases.last_orders).toHaveLength(KEPT_ORDERS);
    expect(purchases).toMatchObject({ orders: many.length, revenue: 1_000 * many.length });
    expect(purchases.bought).toMatchObject([{ times: many.length, quantity: many.length }]);
    const late = foldPurchases(
      purchases,
      eventOf({ ...refund("t0", { items: [A] }), event_id: "r" }),
    );
    expect(late).toMatchObject({ refunds: 1, refunded: 1_000 });
  });

  it("count however late they come", () => {
    const busy = Array.from({ length: WINDOW_WEIGHT + 9 }, (_, i) =>
      eventOf({ name: "view_item", event_id: `v${i}`, timestamp: START + 4_000 * i, items: [A] }),
    );
    const { stream } = receive(emptyStream(), busy);
    expect(stream.floor).not.toBeNull();
    const yesterday = START - 24 * LATENESS_WINDOW;
    const late = number([
      order("1", { items: [A], timestamp: yesterday }),
      order("2", { items: [B], timestamp: yesterday - 1 }),
      refund("2", { timestamp: yesterday }),
    ]);
    const { stream: after, verdicts } = receive(stream, late);
    expect(verdicts).toEqual(["applied", "applied", "applied"]);
    expect(after.late).toBe(0);
    expect(after.live.profile.purchases).toMatchObject({
      orders: 2,
      revenue: 2_000,
      refunded: 1_000,
    });
    expect(after.live.profile.recent).toEqual(stream.live.profile.recent);
  });

  it("go on from what earlier versions kept", () => {
    const { orders, revenue, refunds, refunded, first_at, last_at, bought } = tell(
      order("1", { items: [A] }),
    ).profile.purchases;
    const last_order = { transaction_id: "1", item_ids: ["A"] };
    const totals = { orders, revenue, refunds, refunded, first_at, last_at, bought };
    const state = emptyShopper();
    const kept: ShopperState = JSON.parse(
      JSON.stringify({
        ...state,
        profile: { ...state.profile, purchases: { ...totals, last_order } },
      }),
    );
    const next = number([order("1", { items: [A] }), order("2", { items: [A] })]).reduce(
      foldShopper,
      completeState(kept),
    );
    expect(next.profile.purchases).toMatchObject({ orders: 2, revenue: 2_000 });
    expect(next.profile.purchases.bought).toMatchObject([{ item_id: "A", times: 2, quantity: 2 }]);
  });
});
