// Nothing that the Worker writes names a shopper: every route is asked with ids wherever ids may stand, well and with
// everything broken behind it, and what was written is read.
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { readSettings } from "../../src/shop/settings.ts";
import { OPERATIONS } from "./support/document.ts";
import { makeEvent, openShop, putItems } from "./support/shop.ts";
import { hashUser } from "./support/user-hash.ts";

const USER = "raw-user@mark.example";
const VISITOR = "raw-visitor-mark";
/** No part of a function's name. */
const MARKS = /mark(?![A-Z])/;
const METHODS = ["debug", "log", "info", "warn", "error", "trace"] as const;

const app = createApp();

beforeAll(async () => {
  await openShop();
  await putItems([{ item_id: "boots", price: 9 }]);
});

/** Everything that is written while `work` goes on. */
async function listen(work: () => Promise<unknown>): Promise<string[]> {
  const spies = METHODS.map((method) => vi.spyOn(console, method).mockImplementation(() => {}));
  try {
    await work();
    return spies.flatMap(({ mock }) => mock.calls.map((call) => call.map(String).join(" ")));
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Its failures repeat what they were given, as those of databases do. */
const BROKEN_DB = {
  prepare: (statement: string) => ({
    bind: (...values: unknown[]) => {
      throw new Error(`Failed query: ${statement}\nparams: ${values.join()}`);
    },
    all: () => Promise.reject(new Error("D1 is down")),
    first: () => Promise.reject(new Error("D1 is down")),
    run: () => Promise.reject(new Error("D1 is down")),
    raw: () => Promise.reject(new Error("D1 is down")),
  }),
  batch: () => Promise.reject(new Error("D1 is down")),
};
const down = () => Promise.reject(new Error("The object is away."));
const BROKEN = {
  ...env,
  DB: BROKEN_DB,
  SHOPPER: {
    getByName: () => ({ ingest: down, snapshot: down, export: down, erase: down, linkTo: down }),
  },
  LOG_QUEUE: { send: down, sendBatch: down },
  BUCKET: { get: down, put: down, list: down, head: down, delete: down },
};

async function askAll(bindings: object): Promise<void> {
  const user_hash = await hashUser(USER);
  const who = { user_id: USER, anonymous_id: VISITOR, user_hash, search_term: "mark" };
  const event = { ...makeEvent("view_item", VISITOR, ["boots"]), ...who };
  const bodies: unknown[] = [
    event,
    { ...event, name: "identify" },
    { ...event, name: "no-such-mark" },
    { userId: USER, anonymousId: VISITOR, event: "Product Viewed", properties: { sku: "boots" } },
    { items: [{ item_id: "boots" }], ...who },
    { user_id: USER },
    who,
  ];
  const query = `?user_id=${USER}&anonymous_id=${VISITOR}&user_hash=${user_hash}&q=mark&referrer=https://mark.example`;
  for (const { name } of OPERATIONS) {
    const [method = "", path = ""] = name.split(" ");
    for (const key of ["sk_test", "pk_test"]) {
      for (const body of method === "GET" ? [undefined] : bodies) {
        const headers = {
          authorization: `Bearer ${key}`,
          "content-type": "application/json",
          "x-user-id": USER,
          "x-anonymous-id": VISITOR,
          "x-user-hash": user_hash,
        };
        const url = `https://shop.example${path.replaceAll(/\{\w+\}/g, USER)}${query}`;
        const context = createExecutionContext();
        const init = {
          method,
          headers,
          body: body === undefined ? undefined : JSON.stringify(body),
        };
        await app.fetch(new Request(url, init), bindings, context);
        await waitOnExecutionContext(context);
      }
    }
  }
}

it("hears what is written, and would hear a mark", async () => {
  const written = await listen(async () => console.warn("a mark"));
  expect(written).toEqual(["a mark"]);
});

it("writes no id, hash, search or URL, whatever is asked", async () => {
  const written = await listen(() => askAll(env));
  expect(written.filter((line) => MARKS.test(line))).toEqual([]);
});

it("writes none of them where everything behind it fails, though it writes", async () => {
  const written = await listen(() => askAll(BROKEN));
  expect(written.length).toBeGreaterThan(10);
  expect(written.filter((line) => MARKS.test(line))).toEqual([]);
  const pseudonym = await readSettings(env).pseudonymise("user", USER);
  expect(written.filter((line) => line.includes(pseudonym))).toEqual([]);
});
