// Every way in which shops put events into a request ends in the same memory.
import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { fetchChecked } from "./support/document.ts";
import { readProfile, type Verdicts } from "./support/api.ts";
import { hashUser } from "./support/user-hash.ts";

const ORIGIN = "https://shop.example";
const KEY = { authorization: "Bearer pk_test" };
const ISO = new Date().toISOString();

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

type Sent = { headers?: Record<string, string>; body: BodyInit };

async function post(path: string, { headers = KEY, body }: Sent) {
  const request = new Request(ORIGIN + path, { method: "POST", headers, body });
  const response = await fetchChecked(request);
  return { status: response.status, verdicts: await response.json<Verdicts>() };
}

async function gzip(text: string): Promise<ArrayBuffer> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return await new Response(packed).arrayBuffer();
}

async function cartOf(id: string) {
  const cart = (await readProfile(id, "anonymous"))?.cart;
  return cart?.lines.map(({ item_id, quantity }) => [item_id, quantity]);
}

const add = (anonymous_id: string, item_id: string) => ({
  event_id: `${anonymous_id}-${item_id}`,
  name: "add_to_cart",
  timestamp: ISO,
  anonymous_id,
  items: [{ item_id, price: 5 }],
});
const track = (anonymousId: string, product_id: string, more: object = {}) => ({
  event: "Product Added",
  anonymousId,
  properties: { product_id, price: 5, quantity: 1 },
  ...more,
});

describe("POST /v1/events", () => {
  it.each<[string, (who: string) => Promise<Sent> | Sent]>([
    ["an array", (who) => ({ body: JSON.stringify([add(who, "A"), add(who, "B")]) })],
    ["a batch", (who) => ({ body: JSON.stringify({ events: [add(who, "A"), add(who, "B")] }) })],
    [
      "NDJSON",
      (who) => ({
        headers: { ...KEY, "content-type": "application/x-ndjson" },
        body: `${JSON.stringify(add(who, "A"))}\n\n${JSON.stringify(add(who, "B"))}\r\n`,
      }),
    ],
    [
      "NDJSON that does not say so",
      (who) => ({ body: `${JSON.stringify(add(who, "A"))}\n${JSON.stringify(add(who, "B"))}` }),
    ],
    [
      "Segment's batch, with the key in it",
      (who) => ({
        headers: {},
        body: JSON.stringify({
          writeKey: "pk_test",
          batch: [track(who, "A", { type: "track" }), track(who, "B", { type: "track" })],
        }),
      }),
    ],
    [
      "gzip",
      async (who) => ({
        headers: { ...KEY, "content-encoding": "gzip" },
        body: await gzip(JSON.stringify([add(who, "A"), add(who, "B")])),
      }),
    ],
    [
      "a shopper told once for all",
      (anonymous_id) => ({
        body: JSON.stringify({
          anonymous_id,
          events: [
            ["event", "add_to_cart", { items: [{ item_id: "A" }] }],
            { event: "add_to_cart", ecommerce: { items: [{ item_id: "B" }] } },
          ],
        }),
      }),
    ],
  ])("takes %s", async (form, send) => {
    const { status, verdicts } = await post("/v1/events", await send(form));
    expect([status, verdicts]).toMatchObject([202, { accepted: 2, rejected: [] }]);
    expect(await cartOf(form)).toEqual([
      ["A", 1],
      ["B", 1],
    ]);
  });

  it("takes what sendBeacon sends: plain text, with the key in the query", async () => {
    const body = JSON.stringify(add("beacon", "A"));
    const headers = { "content-type": "text/plain;charset=UTF-8" };
    const { status } = await post("/v1/events?key=pk_test", { headers, body });
    expect([status, await cartOf("beacon")]).toEqual([202, [["A", 1]]]);
  });

  it("refuses a bad line of NDJSON alone", async () => {
    const body = `${JSON.stringify(add("lines", "A"))}\n{"event_id":\n${JSON.stringify(add("lines", "B"))}`;
    const { verdicts } = await post("/v1/events", { body });
    expect(verdicts).toMatchObject({ accepted: 2, rejected: [{ index: 1 }] });
  });

  it("unpacks no more than it would take unpacked, and nothing that is not packed", async () => {
    const headers = { ...KEY, "content-encoding": "gzip" };
    const bomb = await post("/v1/events", { headers, body: await gzip(" ".repeat(20_000_000)) });
    expect([bomb.status, bomb.verdicts]).toMatchObject([
      413,
      { error: { code: "body_too_large" } },
    ]);
    const plain = await post("/v1/events", { headers, body: "[]" });
    expect([plain.status, plain.verdicts]).toMatchObject([
      400,
      { error: { code: "invalid_json" } },
    ]);
    const other = await post("/v1/events", {
      headers: { ...KEY, "content-encoding": "br" },
      body: "[]",
    });
    expect(other.status).toBe(415);
  });

  it("takes consent that gtag tells before what happened", async () => {
    const body = JSON.stringify({
      anonymous_id: "gtag-consent",
      events: [
        ["consent", "default", { analytics_storage: "denied", ad_personalization: "denied" }],
        ["event", "add_to_cart", { items: [{ item_id: "A" }] }],
        ["consent", "update", { analytics_storage: "granted", ad_personalization: "granted" }],
        ["event", "add_to_cart", { items: [{ item_id: "B" }] }],
      ],
    });
    const { verdicts } = await post("/v1/events", { body });
    expect(verdicts).toMatchObject({ accepted: 3, without_consent: 1, ignored: 1 });
    expect(await cartOf("gtag-consent")).toEqual([["B", 1]]);
  });
});

describe("Segment's paths", () => {
  it.each(["/v1/track", "/v1/t"])("%s takes a message without id and time, once", async (path) => {
    const basic = { authorization: `Basic ${btoa("pk_test:")}` };
    const body = JSON.stringify(track(path, "A"));
    const first = await post(path, { headers: basic, body });
    expect(first).toMatchObject({ status: 200, verdicts: { success: true, accepted: 1 } });
    expect(await cartOf(path)).toEqual([["A", 1]]);
  });

  it.each(["/v1/batch", "/v1/b", "/v1/import"])("%s takes many", async (path) => {
    const batch = ["A", "B"].map((id) => track(path, id, { type: "track" }));
    const { verdicts } = await post(path, {
      headers: {},
      body: JSON.stringify({ batch, writeKey: "pk_test", sentAt: ISO }),
    });
    expect(verdicts).toMatchObject({ accepted: 2 });
    expect(await cartOf(path)).toHaveLength(2);
  });

  it.each(["/v1/identify", "/v1/i"])("%s joins a visitor to a user", async (path) => {
    await post("/v1/track", { body: JSON.stringify(track(path, "A")) });
    const traits = { plan: "x", user_hash: await hashUser(`u${path}`) };
    const body = JSON.stringify({ userId: `u${path}`, anonymousId: path, traits });
    expect((await post(path, { body })).verdicts).toMatchObject({ accepted: 1, ignored: 0 });
    expect((await readProfile(`u${path}`, "user"))?.cart.lines).toHaveLength(1);
  });

  it.each(["/v1/alias", "/v1/a"])("%s joins as well", async (path) => {
    await post("/v1/track", { body: JSON.stringify(track(path, "A")) });
    const context = { user_hash: await hashUser(`u${path}`) };
    const body = JSON.stringify({ userId: `u${path}`, previousId: path, context });
    expect((await post(path, { body })).verdicts).toMatchObject({ accepted: 1 });
    expect((await readProfile(`u${path}`, "user"))?.cart.lines).toHaveLength(1);
  });

  it.each(["/v1/page", "/v1/p", "/v1/screen", "/v1/s", "/v1/group", "/v1/g"])(
    "%s keeps nothing, and refuses nothing",
    async (path) => {
      const body = JSON.stringify({ anonymousId: path, name: "Home", properties: {} });
      expect(await post(path, { body })).toMatchObject({
        status: 200,
        verdicts: { accepted: 0, ignored: 1, rejected: [] },
      });
      expect(await readProfile(path, "anonymous")).toBe(null);
    },
  );
});

describe("the Measurement Protocol's path", () => {
  it("takes its bodies", async () => {
    const body = JSON.stringify({
      client_id: "123.456",
      timestamp_micros: String(Date.now() * 1000),
      events: [
        { name: "page_view", params: { page_location: "https://shop.example/" } },
        { name: "add_to_cart", params: { currency: "USD", items: [{ item_id: "A", price: 10 }] } },
      ],
    });
    const { status, verdicts } = await post("/mp/collect?measurement_id=G-1&api_secret=pk_test", {
      headers: {},
      body,
    });
    expect([status, verdicts]).toMatchObject([200, { accepted: 1, ignored: 1, rejected: [] }]);
    expect((await readProfile("123.456", "anonymous"))?.cart).toMatchObject({ value: 9.2 });
  });
});
