// POST /v1/events, from the request to the shopper's memory.
import { env } from "cloudflare:workers";
import { applyD1Migrations, createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { makeView, readProfile, request, sendEvents } from "./support/api.ts";

const NOW = Date.now();
const DAY = 86_400_000;

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

function view(event_id: string, who: object, more: object = {}) {
  return makeView(event_id, NOW, who, more);
}

describe("a batch", () => {
  it("judges each event alone", async () => {
    const events = [
      view("a1", { anonymous_id: "alone" }),
      view("a2", { anonymous_id: "alone" }, { name: "dance" }),
      view("a3", { anonymous_id: "alone" }, { items: [{ item_id: "i", price: -1 }] }),
      view("a1", { anonymous_id: "alone" }),
      view("a4", { anonymous_id: "alone" }, { timestamp: 0 }),
      view("a5", { anonymous_id: "alone" }),
    ];
    const verdicts = await sendEvents(events);
    expect(verdicts).toMatchObject({ accepted: 2, duplicates: 1, late: 0 });
    expect(verdicts.rejected.map(({ index, event_id, code }) => [index, event_id, code])).toEqual([
      [1, "a2", "unknown_event_name"],
      [2, "a3", "invalid_event"],
      [4, "a4", "timestamp_out_of_range"],
    ]);
    for (const { message } of verdicts.rejected) expect(message).toMatch(/\.$/);
    expect((await readProfile("alone"))?.profile.counts["view_item"]).toBe(2);
  });

  it("may be one event, or Segment's", async () => {
    const one = await request("POST", "/v1/events", {
      key: "pk_test",
      body: view("o1", { anonymous_id: "one" }),
    });
    expect(await one.json()).toMatchObject({ accepted: 1 });
    const message = {
      type: "track",
      event: "Product Added",
      messageId: "o2",
      anonymousId: "one",
      timestamp: new Date(NOW).toISOString(),
      properties: { product_id: "shirt", price: 20, quantity: 2 },
    };
    const batch = await request("POST", "/v1/events", {
      key: "pk_test",
      body: { batch: [message] },
    });
    expect(await batch.json()).toMatchObject({ accepted: 1, rejected: [] });
    expect((await readProfile("one"))?.cart).toMatchObject({ value: 40, currency: "EUR" });
  });

  it("moves its shopper into a segment, as of now", async () => {
    const buy = { name: "purchase", timestamp: NOW - 40 * DAY };
    await sendEvents([view("l1", { anonymous_id: "lost" }, buy)]);
    expect(await readProfile("lost")).toMatchObject({ segment: "lapsing" });
    await sendEvents([view("l2", { anonymous_id: "lost" })]);
    expect(await readProfile("lost")).toMatchObject({ segment: "customer" });
  });

  it("changes nothing when it is sent again", async () => {
    const events = Array.from({ length: 20 }, (_, i) =>
      view(`again${i}`, { anonymous_id: `again${i % 3}` }),
    );
    expect(await sendEvents(events)).toMatchObject({ accepted: 20, duplicates: 0 });
    const before = await readProfile("again0");
    expect(await sendEvents(events)).toMatchObject({ accepted: 0, duplicates: 20 });
    expect(await readProfile("again0")).toEqual(before);
  });

  it("tells another event of the same id from one that comes again, also behind a login", async () => {
    const who = { anonymous_id: "conflict" };
    await sendEvents([view("k1", who)]);
    const other = view("k1", who, { items: [{ item_id: "another", price: 5 }] });
    const again = view("k1", who, { timestamp: NOW - 5, context: { page: "https://s.example/" } });
    const told = await sendEvents([other, again]);
    expect(told).toMatchObject({ accepted: 0, duplicates: 1, conflicts: 1 });
    expect(told.rejected).toMatchObject([{ index: 0, event_id: "k1", code: "conflict" }]);
    const identify = { event_id: "k2", name: "identify", timestamp: NOW, user_id: "conflict" };
    await sendEvents([{ ...identify, ...who }]);
    expect(await sendEvents([other, again])).toMatchObject({ duplicates: 1, conflicts: 1 });
    expect((await readProfile("conflict", "user"))?.profile.counts["view_item"]).toBe(1);
  });

  it("counts once what two requests bring at the same moment", async () => {
    const add = (id: string) => view(id, { user_id: "twice" }, { name: "add_to_cart" });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => sendEvents([add("same"), add(`own${i}`)])),
    );
    const accepted = answers.reduce((sum, answer) => sum + answer.accepted, 0);
    const duplicates = answers.reduce((sum, answer) => sum + answer.duplicates, 0);
    expect([accepted, duplicates]).toEqual([11, 9]);
    expect((await readProfile("twice"))?.cart.lines).toMatchObject([
      { item_id: "i", quantity: 11 },
    ]);
  });

  it("keeps an item id of any text", async () => {
    const item_id = "a/b?c=1#é 😀 __proto__";
    await sendEvents([
      view("odd", { anonymous_id: "odd/😀" }, { name: "add_to_cart", items: [{ item_id }] }),
    ]);
    expect((await readProfile("odd/😀"))?.cart.lines[0]?.item_id).toBe(item_id);
  });

  it("keeps one currency in a cart", async () => {
    const add = (id: string, currency: string) =>
      view(
        id,
        { user_id: "mixed" },
        { name: "add_to_cart", currency, items: [{ item_id: id, price: 10 }] },
      );
    const verdicts = await sendEvents([add("eur", "EUR"), add("usd", "USD"), add("doge", "DOG")]);
    expect(verdicts.rejected.map(({ code }) => code)).toEqual(["unsupported_currency"]);
    const cart = (await readProfile("mixed"))?.cart;
    expect(cart?.lines.map(({ price }) => price)).toEqual([10, 9.2]);
    expect(cart).toMatchObject({ value: 19.2, currency: "EUR" });
  });
});

describe("who a shopper is", () => {
  it("is nobody where an id is empty or a placeholder, in events and in questions", async () => {
    await sendEvents([view("p1", { user_id: "", anonymous_id: "x1" })]);
    await sendEvents([view("p2", { user_id: "null", anonymous_id: "x1" })]);
    expect((await readProfile("x1", "anonymous"))?.profile.counts["view_item"]).toBe(2);
    for (const user_id of ["", "undefined"]) {
      const query = `surface=home&user_id=${user_id}&anonymous_id=x1`;
      expect((await request("GET", `/v1/recommendations?${query}`)).status).toBe(200);
    }
    const identify = (event_id: string, anonymous_id: string) =>
      view(event_id, { user_id: "undefined", anonymous_id }, { name: "identify", items: [] });
    const { rejected } = await sendEvents([identify("p3", "x1"), identify("p4", "x2")]);
    expect(rejected.map(({ code }) => code)).toEqual(["placeholder_id", "placeholder_id"]);
    expect(await readProfile("undefined", "user")).toBe(null);
  });

  it("never shows a user as a visitor of the same id", async () => {
    await sendEvents([view("n1", { user_id: "same-id" })]);
    expect(await readProfile("same-id", "anonymous")).toBe(null);
    await sendEvents([view("n2", { anonymous_id: "same-id" })]);
    const user = await readProfile("same-id", "user");
    const visitor = await readProfile("same-id", "anonymous");
    expect(user?.shopper).not.toBe(visitor?.shopper);
  });

  it("becomes one by identify, once, also in a circle", async () => {
    await sendEvents([view("m1", { anonymous_id: "x" }), view("m2", { user_id: "y" })]);
    const identify = (event_id: string, anonymous_id: string, user_id: string) => ({
      event_id,
      name: "identify",
      timestamp: NOW,
      anonymous_id,
      user_id,
    });
    expect(await sendEvents([identify("m3", "x", "y")])).toMatchObject({ accepted: 1 });
    expect(await sendEvents([identify("m3", "x", "y")])).toMatchObject({ duplicates: 1 });
    expect(await sendEvents([identify("m4", "y", "x")])).toMatchObject({ accepted: 1 });
    await sendEvents([view("m5", { anonymous_id: "x" })]);
    const user = await readProfile("y", "user");
    expect(user?.profile.counts["view_item"]).toBe(3);
    expect((await readProfile("x", "anonymous"))?.shopper).toBe(user?.shopper);
    expect((await readProfile("x", "user"))?.shopper).not.toBe(user?.shopper);
  });

  it("is nobody without consent", async () => {
    expect(await sendEvents([view("c1", { user_id: "private" }, { consent: {} })])).toMatchObject({
      accepted: 1,
    });
    // Nothing but the refusal itself.
    const refused = await readProfile("private");
    expect(refused?.consent).toEqual({ analytics: false, personalization: false });
    expect(refused?.profile.counts["view_item"]).toBe(0);
    await sendEvents([view("c2", { user_id: "private" }, { consent: { analytics: true } })]);
    expect((await readProfile("private"))?.profile.counts["view_item"]).toBe(0);
    await sendEvents([view("c3", { user_id: "private" }, { consent: { personalization: true } })]);
    expect((await readProfile("private"))?.profile.counts["view_item"]).toBe(1);
  });

  it("reads its own cart with a token, until the token is old", async () => {
    const item = { item_id: "hat", price: 8 };
    await sendEvents([view("t1", { user_id: "tok" }, { name: "add_to_cart", items: [item] })]);
    const minted = await request("POST", "/v1/shopper-tokens", {
      body: { user_id: "tok", expires_in: 60 },
    });
    const { token, expires_at } = await minted.json<{ token: string; expires_at: string }>();
    expect(token).not.toContain('tok"');
    const cart = await request("GET", "/v1/me/cart", { key: token });
    expect(await cart.json()).toMatchObject({ lines: [{ item_id: "hat" }], value: 8 });
    const [head, body, signature = ""] = token.split(".");
    const forged = [
      head,
      body,
      signature.startsWith("A") ? `B${signature.slice(1)}` : `A${signature.slice(1)}`,
    ].join(".");
    for (const key of ["sk_test", forged, `${head}.${body}.`]) {
      expect((await request("GET", "/v1/me/cart", { key })).status).toBe(401);
    }
    expect((await request("GET", "/v1/stats", { key: token })).status).toBe(401);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(expires_at) + 1000 });
    try {
      const late = await request("GET", "/v1/me/cart", { key: token });
      expect(await late.json()).toMatchObject({
        error: { code: "invalid_token", message: "The token has expired." },
      });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("an object that cannot be reached", () => {
  it("is a 503 only where nothing was kept", async () => {
    const { createApp } = await import("../../src/http/app.ts");
    const shut = { getByName: () => ({ ingest: () => Promise.reject(new Error("down")) }) };
    const sent: unknown[] = [];
    const broken = {
      ...env,
      SHOPPER: shut,
      LOG_QUEUE: { send: (message: unknown) => sent.push(message) },
    };
    const waiting: Promise<unknown>[] = [];
    const context = {
      waitUntil: (work: Promise<unknown>) => waiting.push(work),
      passThroughOnException() {},
      props: {},
    };
    const post = (events: unknown[]) =>
      createApp().fetch(
        new Request("https://shop.example/v1/events", {
          method: "POST",
          headers: { authorization: "Bearer pk_test" },
          body: JSON.stringify({ events }),
        }),
        broken,
        context,
      );
    const none = await post([view("u1", { anonymous_id: "u" })]);
    expect(none.status).toBe(503);
    expect(await none.json()).toMatchObject({ error: { code: "unavailable" } });
    const some = await post([
      view("u1", { anonymous_id: "u" }),
      { ...view("u2", { anonymous_id: "u" }), name: "page_view" },
    ]);
    expect(some.status).toBe(202);
    expect(await some.json()).toMatchObject({
      ignored: 1,
      rejected: [{ index: 0, code: "unavailable" }],
    });
    await Promise.all(waiting);
    expect(sent).toEqual([]);
  });
});

describe("a queue that takes nothing", () => {
  it("costs the shopper no event: it is accepted, and waits in the outbox", async () => {
    const { createApp } = await import("../../src/http/app.ts");
    const full = { send: () => Promise.reject(new Error("queue is full")) };
    const context = createExecutionContext();
    const response = await createApp().fetch(
      new Request("https://shop.example/v1/events", {
        method: "POST",
        headers: { authorization: "Bearer pk_test" },
        body: JSON.stringify({ events: [view("q1", { anonymous_id: "queued" })] }),
      }),
      { ...env, LOG_QUEUE: full },
      context,
    );
    expect(await response.json()).toMatchObject({ accepted: 1 });
    await waitOnExecutionContext(context);
    const shopper = (await readProfile("queued"))?.shopper ?? "";
    const kept = await env.SHOPPER.getByName(shopper).export();
    if (kept.kind !== "snapshot") throw new Error("linked");
    expect(kept.pending.map(({ event }) => event.event_id)).toEqual(["q1"]);
  });
});
