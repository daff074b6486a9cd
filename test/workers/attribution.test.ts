// Clicks, carts and purchases find the impressions that they came of, also late, also across a login.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { readAttribution } from "../../src/log/outcomes/attribution.ts";
import type { SurfaceOutcome } from "../../src/log/outcomes/attribution.ts";
import { call } from "./support/shop.ts";
import { consume, emptyLog, makeEntry, makeShownList, NOW } from "./support/queue.ts";
import { makeLine } from "../support/records.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));
beforeEach(emptyLog);

function shown(recommendation_id: string, change: object = {}) {
  const list = makeShownList(recommendation_id, ["a", "b", "c"]);
  return { kind: "shown", rows: [{ ...list, ...change }] };
}

let serial = 0;
function event(
  name: "view_item" | "add_to_cart" | "purchase" | "identify",
  item_id: string,
  after: number,
  { shopper = "s1", linked_from = null, ...more }: Record<string, string | null> = {},
) {
  serial += 1;
  const items = [makeLine(item_id, { price: 250, quantity: 2 })];
  const entry = makeEntry(
    `x${serial}`,
    { name, timestamp: NOW + after, items, ...more },
    shopper ?? "",
  );
  return { kind: "events", entries: [{ ...entry, linked_from }] };
}

async function outcome(window = HOUR, surface = "home"): Promise<SurfaceOutcome | undefined> {
  const all = await readAttribution(env.DB, { from: NOW - HOUR, to: NOW + HOUR, window });
  return all.find((each) => each.surface === surface);
}

it("joins by shopper and item within the window, each impression once", async () => {
  await consume([
    shown("r1"),
    event("view_item", "a", MINUTE),
    event("view_item", "a", 2 * MINUTE),
    event("add_to_cart", "a", 3 * MINUTE),
    event("purchase", "a", 4 * MINUTE),
    event("purchase", "b", 3 * HOUR),
    event("view_item", "c", -MINUTE),
    event("view_item", "c", MINUTE, { shopper: "s2" }),
    event("view_item", "z", MINUTE),
  ]);
  const counts = { clicks: 1, carts: 1, purchases: 1, revenue: 500 };
  expect(await outcome()).toEqual({ surface: "home", lists: 1, impressions: 3, ...counts });
  expect(await outcome(4 * HOUR)).toMatchObject({ purchases: 2, revenue: 1000 });
});

it("does not mind in which order events and impressions come", async () => {
  const late = event("view_item", "b", MINUTE);
  await consume([late]);
  expect(await outcome()).toBe(undefined);
  await consume([shown("r1")]);
  expect(await outcome()).toMatchObject({ clicks: 1 });
  await consume([late, shown("r1")]);
  expect(await outcome()).toMatchObject({ clicks: 1, impressions: 3 });
});

it("credits the list that the event names, else the last one that showed the item", async () => {
  await consume([
    shown("r1"),
    shown("r2", { surface: "cart", timestamp: NOW + MINUTE }),
    event("view_item", "a", 2 * MINUTE, { recommendation_id: "r1" }),
    event("view_item", "b", 2 * MINUTE),
    event("purchase", "c", 2 * MINUTE, { recommendation_id: "a list of somebody else" }),
  ]);
  expect(await outcome()).toMatchObject({ clicks: 1, purchases: 0 });
  expect(await outcome(HOUR, "cart")).toMatchObject({ clicks: 1, purchases: 1 });
});

it("joins a list that named nobody by its id alone", async () => {
  await consume([
    shown("r1", { shopper: "" }),
    event("view_item", "a", MINUTE),
    event("view_item", "b", MINUTE, { recommendation_id: "r1" }),
  ]);
  expect(await outcome()).toMatchObject({ clicks: 1 });
});

it("follows a visitor who logs in between the list and the purchase", async () => {
  await consume([
    shown("r1", { shopper: "anonymous" }),
    event("identify", "a", MINUTE, { shopper: "user", linked_from: "anonymous" }),
    event("purchase", "b", 2 * MINUTE, { shopper: "user" }),
    event("purchase", "b", 2 * MINUTE, { shopper: "another" }),
  ]);
  expect(await outcome()).toMatchObject({ purchases: 1, revenue: 500 });
});

it("credits a line of an order once however often it was told, with what is left of it", async () => {
  const order = { transaction_id: "T" };
  await consume([
    shown("r1", { shopper: "anonymous" }),
    event("purchase", "a", MINUTE, { shopper: "anonymous", ...order }),
    event("purchase", "a", 2 * MINUTE, { shopper: "user", ...order }),
    event("identify", "a", 3 * MINUTE, { shopper: "user", linked_from: "anonymous" }),
  ]);
  expect(await outcome()).toMatchObject({ purchases: 1, revenue: 500 });
  const back = makeEntry(
    "back",
    { name: "refund", timestamp: NOW + 9 * HOUR, items: [], ...order },
    "user",
  );
  await consume([{ kind: "events", entries: [back] }]);
  expect(await outcome()).toMatchObject({ purchases: 0, revenue: 0 });
});

it("is told over the API, with rates", async () => {
  await consume([shown("r1"), event("purchase", "a", MINUTE)]);
  const from = new Date(NOW - HOUR).toISOString();
  const to = new Date(NOW + HOUR).toISOString();
  const path = `/v1/attribution?from=${from}&to=${to}&window_hours=1`;
  const answer = await (await call("GET", path)).json<{ surfaces: object[] }>();
  expect(answer.surfaces).toEqual([
    expect.objectContaining({ surface: "home", revenue: 5, conversion_rate: 1 / 3, click_rate: 0 }),
  ]);
  expect((await call("GET", path, undefined, "pk_test")).status).toBe(403);
  expect((await call("GET", "/v1/attribution?window_hours=0")).status).toBe(400);
});
