// Orders and carts as shops tell them, from the request to the profile.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { beforeAll, expect, it } from "vitest";
import { readProfile, sendEvents } from "./support/api.ts";

const NOW = Date.now();
const MINUTE = 60_000;
const DAY = 86_400_000;

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

type Told = { name: string } & Record<string, unknown>;

let serial = 0;

/** Of one shopper, a minute ago at the latest, in this order unless they say otherwise. */
async function tell(anonymous_id: string, ...told: Told[]) {
  const events = told.map((fields, index) => {
    serial += 1;
    const timestamp = NOW - MINUTE - 100 + index;
    return { event_id: `told${serial}`, anonymous_id, timestamp, ...fields };
  });
  const verdicts = await sendEvents(events);
  expect(verdicts.rejected).toEqual([]);
  const answer = await readProfile(anonymous_id);
  if (answer === null) throw new Error(`${anonymous_id} is not known.`);
  return { ...answer, verdicts };
}

const line = (item_id: string, price: number, quantity = 1, more: object = {}) => {
  return { item_id, price, quantity, ...more };
};
const T1 = { transaction_id: "T1" };

it("counts an order once though another came in between", async () => {
  const order = (transaction_id: string) => {
    return { name: "purchase", transaction_id, items: [line("A", 10, 2)] };
  };
  const { profile } = await tell("between", order("T1"), order("T2"), order("T1"));
  expect(profile).toMatchObject({ purchases: { orders: 2, revenue: 40 } });
});

it("takes a whole order back by its id, and lines however they are cut", async () => {
  const both = await tell(
    "whole",
    { name: "purchase", ...T1, items: [line("A", 10), line("B", 5, 2)] },
    { name: "refund", ...T1 },
    { name: "refund", ...T1 },
  );
  const back = { orders: 1, revenue: 20, refunded: 20, bought: [] };
  expect(both.profile).toMatchObject({ purchases: back });
  const lines = [line("A", 10), line("A", 10, 2)];
  const cut = await tell(
    "cut",
    { name: "purchase", ...T1, items: lines },
    { name: "refund", ...T1, items: lines },
  );
  expect(cut.profile).toMatchObject({ purchases: { refunded: 30, bought: [] } });
});

it("forgets what was cancelled", async () => {
  const { profile } = await tell(
    "cancelled",
    { name: "purchase", ...T1, items: [line("A", 10)] },
    { name: "cancel", ...T1 },
  );
  expect(profile).toMatchObject({ purchases: { orders: 0, revenue: 0, bought: [] } });
});

it("takes an order without items for one of its value, which closes the cart", async () => {
  const { profile, cart } = await tell(
    "value",
    { name: "add_to_cart", items: [line("A", 10)] },
    { name: "purchase", ...T1, value: 10 },
  );
  expect(profile).toMatchObject({ purchases: { orders: 1, revenue: 10 } });
  expect(cart).toMatchObject({ stage: "purchased", lines: [] });
});

it("counts orders that both browser and back end told once the two are known to be one", async () => {
  const order = { name: "purchase", ...T1, items: [line("A", 10)] };
  await tell("browser", order);
  await sendEvents([
    { event_id: "be", user_id: "buyer", timestamp: NOW - 2 * MINUTE, ...order },
    { event_id: "id", name: "identify", user_id: "buyer", anonymous_id: "browser", timestamp: NOW },
  ]);
  const buyer = await readProfile("buyer");
  expect(buyer?.profile).toMatchObject({ purchases: { orders: 1, revenue: 10 } });
  expect(buyer?.profile).toMatchObject({ purchases: { bought: [{ times: 1, quantity: 1 }] } });
});

it("counts orders however late, in one request and in several", async () => {
  const order = (transaction_id: string, ago: number) => {
    return { name: "purchase", transaction_id, timestamp: NOW - ago, items: [line("A", 10)] };
  };
  const together = await tell("late", order("N1", DAY), order("N2", 2 * DAY));
  expect(together.verdicts).toMatchObject({ accepted: 2, late: 0 });
  expect(together.profile).toMatchObject({ purchases: { orders: 2 } });
  const after = await tell("late", order("N3", 90 * DAY), {
    name: "refund",
    transaction_id: "N2",
    timestamp: NOW - DAY,
  });
  expect(after.verdicts).toMatchObject({ accepted: 2, late: 0 });
  expect(after.profile).toMatchObject({ purchases: { orders: 3, revenue: 30, refunded: 10 } });
});

it("takes events of one moment in the order of the request, others as they must have been", async () => {
  const at = { timestamp: NOW - MINUTE, items: [line("A", 10)] };
  const ordered = await tell(
    "tie",
    { event_id: "z", name: "add_to_cart", ...at },
    { event_id: "a", name: "remove_from_cart", ...at },
  );
  expect(ordered.cart.lines).toEqual([]);
  await tell("tie apart", { event_id: "z1", name: "remove_from_cart", ...at });
  const apart = await tell("tie apart", { event_id: "z2", name: "add_to_cart", ...at });
  expect(apart.cart.lines).toEqual([]);
});

it("holds variants apart, weighs goods, and is what the shop shows of it", async () => {
  const shirts = await tell(
    "shirts",
    { name: "add_to_cart", items: [line("shirt", 10, 1, { item_variant: "red" })] },
    { name: "add_to_cart", items: [line("shirt", 15, 1, { item_variant: "blue" })] },
  );
  expect(shirts.cart).toMatchObject({ value: 25, lines: [{ variant: "red" }, { price: 15 }] });
  const ham = await tell("ham", { name: "add_to_cart", items: [line("ham", 19.9, 0.5)] });
  expect(ham.cart).toMatchObject({ value: 9.95, lines: [{ quantity: 0.5 }] });
  const shown = await tell("ham", { name: "view_cart", items: [line("cheese", 8, 2)] });
  expect(shown.cart).toMatchObject({ value: 16, lines: [{ item_id: "cheese" }] });
  const removed = await tell("ham", { name: "remove_from_cart", items: [{ item_id: "cheese" }] });
  expect(removed.cart).toMatchObject({ stage: "empty", lines: [] });
});
