// The OpenAPI document is true: real answers of every route, and every error that a request can bring about, are as
// it says. Every other test here that asks by support/ holds its answers against it too.
import { tellSupply } from "./support/tell-supply.ts";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { ERROR_STATUS } from "../../src/http/middleware/errors.ts";
import { mintShopperToken } from "../../src/http/middleware/proof/shopper-token.ts";
import { mintRestoreToken } from "../../src/carts/restore-token.ts";
import { request } from "./support/api.ts";
import { CARELESS, sendTo } from "./support/careless.ts";
import {
  checkAnswer,
  fetchChecked,
  resolveSchema,
  OPERATIONS,
  SEEN,
  type Operation,
} from "./support/document.ts";
import { call, makeEvent, openShop, putItems, waitForRows } from "./support/shop.ts";

const ORIGIN = "https://shop.example";

/** Need models that can answer; their successes are seen in models.test.ts and trials.test.ts. */
const TRAINED = new Set([
  "POST /v1/models/{task}/promote",
  "POST /v1/models/{task}/rollback",
  "POST /v1/experiments/{experiment_id}/promote",
  // Needs a signature; see shopify.test.ts.
  "POST /v1/webhooks/shopify",
  // Needs a socket; see console-live.test.ts.
  "GET /console/live",
]);

/** Take messages of other senders' forms. */
const FORMS = OPERATIONS.map(({ name }) => name).filter((name) =>
  /^POST \/(?:v1\/(?:\w|track|identify|page|screen|group|alias|batch|import)|mp\/collect)$/.test(
    name,
  ),
);

const REMINDERS = {
  rules: [
    { rule_id: "left", channel: "webhook", trigger: { kind: "cart_left" }, touches: 2 },
    { rule_id: "soon", channel: "on_site", trigger: { kind: "cart_reaches", value: 50.5 } },
  ],
};

const hasSucceeded = (operation: string) =>
  [...SEEN].some((each) => each.startsWith(`${operation} 2`));

let viewer = "";

async function signIn(body: object): Promise<string> {
  const response = await request("POST", "/console/session", { body });
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

beforeAll(async () => {
  await openShop();
  viewer = await signIn({ key: "vk_test" });
  await putItems([
    { item_id: "boots", title: "Boots", category: "shoes", price: 99.95, stock: 4 },
    { item_id: "socks", category: "shoes.socks", price: 4.5, attributes: { size: [39, "L"] } },
  ]);
});

describe("a real answer", () => {
  it("of every route is as the document says", async () => {
    const events = ["view_item", "add_to_cart", "purchase"].map((name) =>
      makeEvent(name, "anna", ["boots"], { items: [{ item_id: "boots", price: 99.95 }] }),
    );
    const unknown = makeEvent("dance", "anna", ["boots"]);
    await request("POST", "/v1/events?with=intent", { body: events.slice(0, 1) });
    await request("POST", "/v1/events", { body: { events: [...events, unknown] } });
    await waitForRows("events", events.length);
    await waitForRows("rejected_events", 1);
    const filters = { min_price: 1.5, categories: ["shoes"] };
    for (const experiment of ["split", "interleaving", "shadow"]) {
      const ranking = { diversity: 0.5 };
      const policy = experiment === "split" ? { ...ranking, filters } : ranking;
      const variants = [{ name: "control" }, { name: "other", policy }];
      const body = { status: "running", kind: experiment, surfaces: ["home"], variants };
      await request("PUT", `/v1/experiments/${experiment}`, { body });
      await request("GET", `/v1/experiments/${experiment}`);
      await call("GET", "/v1/recommendations?surface=home&anonymous_id=anna&explain=1&seen=allow");
      await call("GET", "/v1/recommendations?surface=recent&anonymous_id=anna&explain=1");
      await request("PUT", `/v1/experiments/${experiment}`, {
        body: { ...body, status: "stopped" },
      });
    }
    await request("PUT", "/v1/rules/home", {
      body: { filters, pinned: [{ item_id: "boots", position: 0 }] },
    });
    await env.DB.exec(
      "insert into dead_letters (message_id, reason, body, stored_at) values ('m', 'r', '{}', 1)",
    );
    await request("PUT", "/v1/reminders/rules", { body: REMINDERS });
    await env.DB.exec(
      "insert into reminders (reminder_id, shopper, rule_id, channel, cart_version, touch, held_out, created_at) " +
        "values ('rem_1', 'nobody', 'left', 'webhook', 'v', 0, 0, 1)",
    );
    const key = await mintShopperToken("nobody", Date.now() / 1000 + 60, env);
    for (const id of ["rem_1", "absent", "x".repeat(300)]) {
      await request("POST", `/v1/me/reminders/${id}/shown`, { key });
      await request("POST", `/v1/reminders/${id}/shown`);
      await request("POST", `/v1/reminders/${id}/clicked`);
    }
    await request("GET", "/v1/me/reminders", { key });
    const restore = await mintRestoreToken("nobody", Date.now() + 60_000, env);
    for (const token of [restore, "guessed"]) {
      await request("GET", `/v1/carts/restore?token=${token}`);
    }
    await tellSupply();
    const gets = [
      "/v1/reminders",
      "/v1/reminders/rules",
      "/v1/reminders/results",
      "/health/live",
      "/health/ready",
      "/openapi.json",
      "/docs",
      "/v1/rules/home",
      "/v1/experiments",
      "/v1/attribution",
      "/v1/trending",
      "/v1/search?q=boots",
      "/v1/items/boots/similar",
      "/v1/items/boots/bought-together",
      "/v1/items",
      "/v1/items/boots",
      "/v1/shoppers/anna/profile",
      "/v1/shoppers/anna/intent",
      "/v1/shoppers/anna/export",
      "/v1/models",
      "/v1/dead-letters",
      "/metrics",
      "/v1/stats",
      "/v1/rejected",
      "/v1/now",
      "/v1/setup",
      "/v1/items/boots/figures",
      "/v1/rules/home/history",
    ];
    for (const path of gets) await request("GET", path);
    await request("POST", "/v1/backfill", { body: [makeEvent("view_item", "anna", ["boots"])] });
    for (const form of FORMS) {
      const message = { anonymousId: "anna", event: "Product Viewed", properties: { sku: 1 } };
      await request("POST", form.replace("POST ", ""), { body: message });
    }
    const rerank = {
      items: [{ item_id: "boots" }, { item_id: "unheard-of" }],
      anonymous_id: "anna",
    };
    await request("POST", "/v1/rerank", { body: rerank });
    await request("POST", "/v1/preview", { body: { item_id: "boots", rules: { filters } } });
    const link = await request("POST", "/console/links", { body: {} });
    const { path } = await link.json<{ path: string }>();
    const cookie = await signIn({ link: path.replace("/console#link=", "") });
    await fetchChecked(new Request(`${ORIGIN}/console/session`, { headers: { cookie } }));
    await request("DELETE", "/console/session");
    await request("PUT", "/v1/stock", { body: { items: [{ item_id: "boots", stock: null }] } });
    await request("POST", "/v1/dead-letters/redrive");
    for (const job of ["export-events", "verify-exports"])
      await request("POST", `/v1/jobs/${job}/run`);
    await request("GET", "/v1/jobs");
    await downloadExport();
    await publishFile();
    const minted = await request("POST", "/v1/shopper-tokens", { body: { anonymous_id: "anna" } });
    const { token } = await minted.json<{ token: string }>();
    await request("GET", "/v1/me/cart", { key: token });
    await request("GET", "/v1/me/intent", { key: token });
    await request("DELETE", "/v1/shoppers/anna");
    await request("DELETE", "/v1/items/socks");

    const names = OPERATIONS.map(({ name }) => name);
    expect(names.filter((name) => !hasSucceeded(name) && !TRAINED.has(name))).toEqual([]);
  });

  it.each(OPERATIONS.map(({ name }) => name))("of %s to a careless request", async (operation) => {
    for (const careless of CARELESS) await sendTo(operation, careless);
    await sendTo(
      operation,
      ["sk_test", "application/json", "{}"],
      "?limit=-1&id_type=dog&from=never&runs=x&since=then&samples=-1",
    );
    const packed = { "content-encoding": "compress" };
    await sendTo(operation, ["sk_test", "application/json", "{}"], "", packed);
    // Only a GET can ask for a socket.
    const upgrade: Record<string, string> = operation.startsWith("GET ")
      ? { upgrade: "websocket" }
      : {};
    const evil = { origin: "https://evil.example", ...upgrade };
    await sendTo(operation, ["sk_test", "application/json", '{"key": "sk_test"}'], "", evil);
    await sendTo(operation, [null, "application/json", "{}"], "", { cookie: viewer });
    const own = { cookie: viewer, origin: ORIGIN, "x-millrace-console": "1" };
    await sendTo(operation, [null, "application/json", "{}"], "", own);
    await sendTo(operation, [null, "application/json", '{"key": "sk_unknown"}']);
    const gone = await mintShopperToken("nobody", 1, env);
    await sendTo(operation, [gone, "application/json", null]);
  });
});

describe("the document", () => {
  it("lists of each status the codes that have it, and no other", () => {
    for (const { name, responses } of OPERATIONS) {
      for (const [status, response] of Object.entries(responses)) {
        const codes = listCodes({ [status]: response });
        for (const code of codes) expect(ERROR_STATUS, name).toHaveProperty(code, Number(status));
      }
    }
  });

  it("lists every error that a careless request meets, and each of them is met", () => {
    // Need a failure, a race, a body of 100 MB, or thousands of requests.
    const rare = [
      "PUT /v1/models/{task}/{version}/{file} body_too_large",
      "POST /v1/webhooks/shopify not_found",
      "POST /v1/webhooks/shopify invalid_json",
      "internal",
      "unavailable",
      "conflict",
      "unprocessable",
      "batch_too_large",
      "rate_limited",
    ];
    const listed = OPERATIONS.flatMap(({ name, responses }) =>
      listCodes(responses).map((code) => `${name} ${code}`),
    );
    const met = new Set([...SEEN].map((each) => each.replace(/ \d+ /, " ")));
    const never = listed.filter(
      (each) => !met.has(each) && !rare.some((code) => each.endsWith(code)),
    );
    expect(never).toEqual([]);
  });

  it.each([
    ["a property too few", { events: 1 }],
    [
      "a property too many",
      {
        events: 1,
        event_rows: 1,
        shoppers: 1,
        impressions: 1,
        rejected: 1,
        rejected_times: 1,
        dead_letters: 1,
        bot_events: 1,
        more: 1,
      },
    ],
  ])("is not met by %s", async (_, body) => {
    await expect(checkAnswer("GET /v1/stats", Response.json(body))).rejects.toThrow(/not as told/);
  });

  it("is not met by a code or a status of another route", async () => {
    const error = { code: "conflict", message: "No.", request_id: "an id" };
    const answer = (status: number) => Response.json({ error }, { status });
    await expect(checkAnswer("GET /v1/stats", answer(409))).rejects.toThrow(/answered 409/);
    await expect(checkAnswer("GET /v1/stats", answer(401))).rejects.toThrow(/not as told/);
  });
});

async function downloadExport(): Promise<void> {
  const listed = await request("GET", "/v1/exports");
  const { exports } = await listed.json<{ exports: { dt: string; parts: { name: string }[] }[] }>();
  const [day] = exports;
  expect(day).toBeDefined();
  await request("GET", `/v1/exports/${day?.dt}/${day?.parts[0]?.name}`);
}

async function publishFile(): Promise<void> {
  const path = "/v1/models/next-item/some-version/model.onnx";
  await call("PUT", path, new Uint8Array([1, 2, 3]));
  await call("GET", path);
}

/** The codes that the error schemas allow. */
function listCodes(responses: Operation["responses"]): string[] {
  return Object.values(responses).flatMap(({ content }) => {
    const schema = resolveSchema(content?.["application/json"]?.schema ?? {});
    const envelope = schema.properties?.["error"];
    if (typeof envelope !== "object") return [];
    const code = envelope.properties?.["code"];
    return typeof code === "object" ? (code.enum ?? []) : [];
  });
}
