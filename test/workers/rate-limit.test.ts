// What one address and one shopper may ask for with a publishable key. The counters are those of the platform's own
// simulation; addresses and shoppers are of this file alone.
import { applyD1Migrations, createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { mintShopperToken } from "../../src/http/middleware/proof/shopper-token.ts";
import { readNetwork } from "../../src/http/middleware/rate-limit.ts";
import { makeView } from "./support/api.ts";
import { checkAnswer } from "./support/document.ts";

const app = createApp();

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

/** Where a period may end between two requests, the count begins anew once. */
const PERIODS = 2;
const ADDRESS_LIMIT = 2000;
const SHOPPER_LIMIT = 300;

type Ask = { method?: string; path: string; address?: string; key?: string; body?: unknown };

async function ask({ method = "GET", path, address, key = "pk_test", body }: Ask, bindings = env) {
  const headers = new Headers({ authorization: `Bearer ${key}` });
  if (address !== undefined) headers.set("cf-connecting-ip", address);
  if (body !== undefined) headers.set("content-type", "application/json");
  const request = new Request(`https://shop.example${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const context = createExecutionContext();
  const response = await app.fetch(request, bindings, context);
  await waitOnExecutionContext(context);
  await checkAnswer(`${method} ${path.replace(/\?.*/, "")}`, response);
  return response;
}

/** How often in a row until a request is refused; all of `times` where none is. */
async function countAdmitted(times: number, question: Ask): Promise<number> {
  for (let sent = 0; sent < times; sent++) {
    const response = await ask(question);
    if (response.status === 429) return sent;
  }
  return times;
}

const batch = (events: number, who: object, prefix: string) => ({
  events: Array.from({ length: events }, (_, i) => makeView(`${prefix}-${i}`, Date.now(), who)),
});

it("refuses an address for a while in the one envelope, and says for how long", async () => {
  const address = "198.51.100.1";
  // Each batch weighs as much as 50 requests, and is one.
  let refused: Response | null = null;
  for (let i = 0; i <= (PERIODS * ADDRESS_LIMIT) / 50 && refused === null; i++) {
    const who = {
      anonymous_id: `many-${i}`,
      consent: { analytics: false, personalization: false },
    };
    const body = batch(500, who, `many-${i}`);
    const response = await ask({ method: "POST", path: "/v1/events", address, body });
    if (response.status === 429) refused = response;
    else expect(response.status).toBe(202);
  }
  expect(refused?.headers.get("retry-after")).toBe("60");
  expect(await refused?.json()).toMatchObject({ error: { code: "rate_limited" } });
  const list = await ask({ path: "/v1/trending", address });
  expect(list.status).toBe(429);
  // Neither a neighbour nor the shop's own back end waits for that.
  expect((await ask({ path: "/v1/trending", address: "198.51.100.2" })).status).toBe(200);
  expect((await ask({ path: "/v1/trending", address, key: "sk_test" })).status).toBe(200);
});

it("refuses the events of one shopper, and takes those of others beside them", async () => {
  const flood = { anonymous_id: "flood" };
  const send = (i: number) =>
    ask({ method: "POST", path: "/v1/events", body: batch(500, flood, `flood-${i}`) });
  let status = 202;
  for (let i = 0; i <= (PERIODS * SHOPPER_LIMIT) / 50 && status === 202; i++) {
    ({ status } = await send(i));
  }
  expect(status).toBe(429);
  const mixed = [
    makeView("f", Date.now(), flood),
    makeView("o", Date.now(), { anonymous_id: "other" }),
  ];
  const answer = await ask({ method: "POST", path: "/v1/events", body: mixed });
  expect(await answer.json()).toMatchObject({
    accepted: 1,
    rejected: [{ index: 0, code: "rate_limited" }],
  });
  const trusted = await ask({
    method: "POST",
    path: "/v1/events",
    body: [mixed[0]],
    key: "sk_test",
  });
  expect(await trusted.json()).toMatchObject({ accepted: 1, rejected: [] });
});

it("refuses questions about one shopper, by key and by token", async () => {
  const path = "/v1/recommendations?anonymous_id=curious&surface=cart";
  const most = PERIODS * SHOPPER_LIMIT + 1;
  expect(await countAdmitted(most, { path })).toBeLessThan(most);
  expect((await ask({ path: path.replace("curious", "calm") })).status).toBe(200);
  const token = await mintShopperToken("a-pseudonym", Date.now() / 1000 + 900, env);
  expect(await countAdmitted(most, { path: "/v1/me/cart", key: token })).toBeLessThan(most);
});

it("limits nothing where there are no bindings, and says so", async () => {
  const without = { ...env };
  for (const binding of ["ADDRESS_LIMIT", "SHOPPER_LIMIT"])
    Reflect.deleteProperty(without, binding);
  const bound = await ask({ path: "/health/ready" });
  expect(await bound.json()).toMatchObject({ limits: { address: true, shopper: true } });
  const ready = await ask({ path: "/health/ready" }, without);
  expect(await ready.json()).toMatchObject({ limits: { address: false, shopper: false } });
  const body = batch(10, { anonymous_id: "free" }, "free");
  const answer = await ask(
    { method: "POST", path: "/v1/events", address: "198.51.100.1", body },
    without,
  );
  expect(answer.status).toBe(202);
});

it("knows a network of IPv6 by its first half", () => {
  expect(readNetwork("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
  expect(readNetwork("2001:0DB8:0001:0002::9")).toBe("2001:db8:1:2");
  expect(readNetwork("2001:db8::1")).toBe("2001:db8:0:0");
  expect(readNetwork("203.0.113.9")).toBe("203.0.113.9");
});
