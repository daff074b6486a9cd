// Recommendations end to end in real workerd: events in at the door, lists out.
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import {
  ask,
  call,
  letPass,
  letPassLongIdle,
  listIds,
  openShop,
  putItems,
  turnTheClock,
} from "./support/shop.ts";

/** ms until an isolate looks at the catalogue and the log again, and until it waits for what it sees. */
const NEXT_LOOK = 2500;

const SHOES = Array.from({ length: 30 }, (_, i) => ({
  item_id: `shoe-${i}`,
  title: `Shoe ${i}`,
  category: "shoes",
  brand: i % 2 === 0 ? "Alpina" : "Borea",
  price: 50 + i,
}));
const LAMPS = Array.from({ length: 30 }, (_, i) => ({
  item_id: `lamp-${i}`,
  title: `Lamp ${i}`,
  category: "home.lamps",
  price: 20 + i,
}));

let serial = 0;

type Line = { item_id: string; price?: number };
function event(name: string, anonymous_id: string, items: Line[], more: object = {}) {
  serial += 1;
  return {
    event_id: `e-${serial}`,
    name,
    timestamp: new Date(Date.now() - 60_000 + serial).toISOString(),
    anonymous_id,
    session_id: `s-${anonymous_id}`,
    items,
    consent: { analytics: true, personalization: true },
    ...more,
  };
}

async function send(events: object[]): Promise<void> {
  for (let from = 0; from < events.length; from += 100) {
    const body = JSON.stringify({ events: events.slice(from, from + 100) });
    const response = await call("POST", "/v1/events", body, "pk_test");
    const verdicts = await response.json<{ rejected: unknown[] }>();
    expect(verdicts.rejected).toEqual([]);
  }
}

/** Waits until the log holds this many rows: the queue takes its time. */
async function waitForLog(rows: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const count = await env.DB.prepare("select count(*) as n from events").first<{ n: number }>();
      expect(count?.n).toBeGreaterThanOrEqual(rows);
    },
    { timeout: 20_000, interval: 100 },
  );
}

beforeAll(async () => {
  await openShop();
  await putItems([...SHOES, ...LAMPS]);
  const events = Array.from({ length: 40 }, (_, i) => [
    event("view_item", `crowd-${i}`, [{ item_id: "shoe-1" }]),
    event("view_item", `crowd-${i}`, [{ item_id: `shoe-${2 + (i % 3)}` }]),
    event("purchase", `crowd-${i}`, [{ item_id: "shoe-1" }, { item_id: "lamp-7" }], {
      transaction_id: `t-${i}`,
    }),
  ]).flat();
  await send(events);
  await waitForLog(160);
}, 60_000);

turnTheClock();

it("gives a shopper without history what trends, filled up to the limit", async () => {
  const list = await ask("/v1/recommendations?surface=home&anonymous_id=nobody&limit=50");
  expect(list.items).toHaveLength(50);
  expect(new Set(listIds(list)).size).toBe(50);
  expect(listIds(list).slice(0, 2)).toContain("shoe-1");
  expect(list.personal).toBe(false);
  expect(list.degraded).toEqual(["model"]);
});

it("follows the last click at once, and says so", async () => {
  await send([event("view_item", "anna", [{ item_id: "shoe-1" }])]);
  const list = await ask("/v1/recommendations?surface=home&anonymous_id=anna&limit=5");
  expect(list.personal).toBe(true);
  // Of sixty items, what the crowd looked at and bought with it, and the item itself.
  expect(listIds(list)).toEqual(expect.arrayContaining(["shoe-2", "shoe-3", "shoe-4"]));
  const next = list.items.find((item) => item.item_id === "shoe-2");
  expect(next?.reason).toMatchObject({ code: "because_viewed", item_id: "shoe-1" });
});

it("is not personal without consent, neither as stored nor as asked for now", async () => {
  await send([event("view_item", "bert", [{ item_id: "lamp-20" }])]);
  const asked = await ask("/v1/recommendations?anonymous_id=bert&consent=denied");
  expect(asked.personal).toBe(false);
  const denied = { consent: { analytics: false, personalization: false } };
  await send([event("view_item", "carl", [{ item_id: "lamp-20" }], denied)]);
  expect((await ask("/v1/recommendations?anonymous_id=carl")).personal).toBe(false);
});

it("never shows what is excluded, in view, filtered or too dear", async () => {
  const list = await ask(
    "/v1/recommendations?surface=product&item_id=lamp-3&category=home&limit=100&exclude=lamp-4,lamp-5&exclude=lamp-6&max_price=40",
  );
  const ids = listIds(list);
  expect(ids).toHaveLength(21 - 4);
  expect(ids.every((id) => id.startsWith("lamp-"))).toBe(true);
  for (const id of ["lamp-3", "lamp-4", "lamp-5", "lamp-6", "lamp-21"])
    expect(ids).not.toContain(id);
});

it("leaves out an item that is deleted or sold out, within one look at the catalogue", async () => {
  const path = "/v1/trending?limit=100";
  expect(listIds(await ask(path))).toEqual(expect.arrayContaining(["shoe-1", "lamp-7"]));
  await call("DELETE", "/v1/items/shoe-1");
  await call("PUT", "/v1/stock", '{"items": [{"item_id": "lamp-7", "stock": 0}]}');
  letPass(NEXT_LOOK);
  await ask(path);
  await vi.waitFor(async () => {
    const ids = listIds(await ask(path));
    expect(ids).not.toContain("shoe-1");
    expect(ids).not.toContain("lamp-7");
  });
  await putItems([SHOES[1] ?? {}, { item_id: "lamp-7", stock: null }]);
});

it("does not answer from a catalogue of a minute ago", async () => {
  await ask("/v1/trending");
  await putItems([{ item_id: "shoe-9", stock: 0 }]);
  letPassLongIdle();
  expect(listIds(await ask("/v1/trending?limit=100"))).not.toContain("shoe-9");
  await putItems([{ item_id: "shoe-9", stock: null }]);
});

it("recommends a new item from what it is, before anybody saw it", async () => {
  await putItems([
    { item_id: "shoe-new", title: "Shoe 5 winter", category: "shoes", brand: "Borea", price: 55 },
  ]);
  letPassLongIdle();
  const similar = await ask("/v1/items/shoe-5/similar?limit=5");
  expect(similar.items[0]?.item_id).toBe("shoe-new");
  expect(similar.items[0]?.reason).toMatchObject({ code: "similar_to", item_id: "shoe-5" });
  await send([event("view_item", "dora", [{ item_id: "shoe-5" }])]);
  const home = await ask("/v1/recommendations?anonymous_id=dora&limit=10");
  expect(listIds(home)).toContain("shoe-new");
  const about = await ask("/v1/recommendations?surface=product&item_id=shoe-new&limit=5");
  expect(listIds(about)).toContain("shoe-5");
});

it("knows what is bought together", async () => {
  const list = await ask("/v1/items/shoe-1/bought-together?limit=5");
  expect(list.items[0]).toMatchObject({
    item_id: "lamp-7",
    reason: { code: "bought_together", item_id: "shoe-1" },
  });
  await send([event("add_to_cart", "emil", [{ item_id: "shoe-1", price: 51 }])]);
  const cart = await ask("/v1/recommendations?surface=cart&anonymous_id=emil&limit=5");
  expect(listIds(cart)[0]).toBe("lamp-7");
  expect(listIds(cart)).not.toContain("shoe-1");
});

it("keeps to the policy for items seen before", async () => {
  await send([
    event("view_item", "fritz", [{ item_id: "shoe-2" }]),
    event("view_item", "fritz", [{ item_id: "shoe-1" }]),
  ]);
  const path = "/v1/recommendations?anonymous_id=fritz&limit=100&seen=";
  const excluded = listIds(await ask(`${path}exclude`));
  expect(excluded).not.toContain("shoe-1");
  expect(excluded).not.toContain("shoe-2");
  const demoted = listIds(await ask(`${path}demote`));
  expect(demoted).toHaveLength((await ask(`${path}allow`)).items.length);
  expect(demoted.indexOf("shoe-2")).toBeGreaterThan(demoted.indexOf("shoe-3"));
});

it("logs what was shown, but not for those who said no", async () => {
  const shown = await ask("/v1/recommendations?anonymous_id=gerda&limit=3");
  const hidden = await ask("/v1/recommendations?anonymous_id=gerda&limit=3&consent=denied");
  const rows = (id: string) =>
    env.DB.prepare("select item_id from impressions where recommendation_id = ? order by position")
      .bind(id)
      .all<{ item_id: string }>();
  await vi.waitFor(
    async () => {
      const { results } = await rows(shown.recommendation_id);
      expect(results.map((row) => row.item_id)).toEqual(listIds(shown));
    },
    { timeout: 20_000, interval: 100 },
  );
  expect((await rows(hidden.recommendation_id)).results).toEqual([]);
}, 30_000);

it("refuses parameters that make no sense, in a sentence", async () => {
  for (const query of [
    "limit=0",
    "limit=1000",
    "surface=moon",
    "min_price=-1",
    "seen=maybe",
    `item_id=${"x".repeat(300)}`,
  ]) {
    const response = await call("GET", `/v1/recommendations?${query}`, undefined, "pk_test");
    expect(response.status).toBe(400);
    const { error } = await response.json<{ error: { code: string } }>();
    expect(error.code).toBe("invalid_request");
  }
});

it("does not stumble over ids and categories that nobody knows", async () => {
  const odd = encodeURIComponent("__proto__/👟,'\"");
  const list = await ask(
    `/v1/recommendations?surface=product&item_id=${odd}&exclude=${odd}&anonymous_id=${odd}&limit=5`,
  );
  expect(list.items).toHaveLength(5);
  expect((await ask(`/v1/recommendations?category=${odd}`)).items).toEqual([]);
  expect((await ask(`/v1/items/${odd}/similar?limit=5`)).items).toHaveLength(5);
});
