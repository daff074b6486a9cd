// What crawlers send is kept apart: it is not lost, and nothing learns from it.
import { applyD1Migrations, createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { countRows, makeView, readProfile } from "./support/api.ts";
import { checkAnswer } from "./support/document.ts";

const app = createApp();
const GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

async function ask(
  path: string,
  agent: string,
  more: { body?: unknown; key?: string; cf?: CfProperties } = {},
) {
  const { body, key = "pk_test", cf } = more;
  const init: RequestInit = {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "user-agent": agent,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    ...(cf === undefined ? {} : { cf }),
  };
  const context = createExecutionContext();
  const response = await app.fetch(new Request(`https://shop.example${path}`, init), env, context);
  await waitOnExecutionContext(context);
  await checkAnswer(`${init.method} ${path.replace(/\?.*/, "")}`, response);
  return response;
}

let markers = 0;

/** What was sent before a shopper's event is there when that is. */
async function letQueueRun(): Promise<void> {
  const id = `marker-${++markers}`;
  await ask("/v1/events", CHROME, { body: see(id) });
  await vi.waitFor(async () =>
    expect(await countRows("events", "event_id = ?", `seen-by-${id}`)).toBe(1),
  );
}

const see = (id: string) => [makeView(`seen-by-${id}`, Date.now(), { anonymous_id: id })];

describe("a crawler", () => {
  it.each([
    ["by its user agent", "goog", GOOGLEBOT, undefined],
    ["Search Engine Crawler", "verified", CHROME, { verifiedBotCategory: "Search Engine Crawler" }],
  ])("that is known %s leaves no profile and no row to learn from", async (agent, id, by, cf) => {
    const before = await countRows("events");
    const sent = { body: see(id), ...(cf === undefined ? {} : { cf }) };
    const answer = await (await ask("/v1/events", by, sent)).json();
    expect(answer).toMatchObject({ accepted: 1, bots: 1, rejected: [] });
    await ask("/v1/events", by, sent);
    await vi.waitFor(async () => expect(await countRows("bot_events", "agent = ?", agent)).toBe(1));
    await letQueueRun();
    expect(await readProfile(id, "anonymous")).toBeNull();
    expect(await countRows("events")).toBe(before + 1);
    expect(await countRows("bot_events", "agent = ?", agent)).toBe(1);
  });

  it("is shown lists, of which none is kept", async () => {
    const path = "/v1/recommendations?anonymous_id=crawling&consent=granted";
    expect((await ask(path, GOOGLEBOT)).status).toBe(200);
    await letQueueRun();
    expect(await countRows("shown_lists")).toBe(0);
  });

  it("keeps nothing where nothing may be kept", async () => {
    const before = await countRows("bot_events");
    const consent = { analytics: false, personalization: false };
    const [view] = see("refuses");
    await ask("/v1/events", GOOGLEBOT, { body: [{ ...view, consent }] });
    await letQueueRun();
    expect(await countRows("bot_events")).toBe(before);
  });
});

it.each([
  ["a browser", "person", CHROME, "pk_test"],
  ["an app's library", "app", "okhttp/4.9.3", "pk_test"],
  [
    "a phone called Cubot",
    "cubot",
    "Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 Chrome/99 Mobile Safari/537.36",
    "pk_test",
  ],
  ["the shop's own back end, whatever it says", "shop", GOOGLEBOT, "sk_test"],
])("takes %s for a shopper", async (_, id, agent, key) => {
  const answer = await (await ask("/v1/events", agent, { body: see(id), key })).json();
  expect(answer).toMatchObject({ accepted: 1, bots: 0 });
  expect(await readProfile(id, "anonymous")).not.toBeNull();
});
