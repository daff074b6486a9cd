// Who gets in where: every route of the app, with every kind of key. A route that declares no access fails here.
import { applyD1Migrations } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { sign } from "hono/jwt";
import { beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { mintShopperToken } from "../../src/http/middleware/proof/shopper-token.ts";
import { fetchChecked } from "./support/document.ts";

const ORIGIN = "https://shop.example";

/** What a publishable key, a shopper token or nobody at all may use. All else is for secret keys alone. */
const OPEN: Record<string, readonly string[]> = {
  none: [
    "GET /health/live",
    "GET /health/ready",
    "GET /openapi.json",
    "GET /docs",
    "GET /v1/carts/restore",
    "POST /console/session",
    "GET /console/session",
    "DELETE /console/session",
  ],
  publishable: [
    "GET /v1/recommendations",
    "POST /v1/rerank",
    "GET /v1/search",
    "GET /v1/trending",
    "GET /v1/items/:item_id/similar",
    "GET /v1/items/:item_id/bought-together",
  ],
  sender: [
    "POST /v1/events",
    "POST /mp/collect",
    ..."track t identify i page p screen s group g alias a batch b import"
      .split(" ")
      .map((path) => `POST /v1/${path}`),
  ],
  shopper: [
    "GET /v1/me/cart",
    "GET /v1/me/intent",
    "GET /v1/me/reminders",
    "POST /v1/me/reminders/:reminder_id/shown",
  ],
  shopify: ["POST /v1/webhooks/shopify"],
  inspect: ["POST /v1/preview"],
};

/** Tells by itself who is not signed in. */
const WHO_AM_I = "GET /console/session";

/** The security schemes that a route of each access names in the document. */
const SCHEMES: Record<string, readonly string[]> = {
  none: [],
  publishable: ["publishableKey", "secretKey", "consoleSession"],
  sender: ["publishableKey", "secretKey", "writeKey", "queryKey"],
  secret: ["secretKey", "consoleSession"],
  inspect: ["secretKey", "consoleSession"],
  shopper: ["shopperToken"],
  shopify: ["shopifySignature"],
};

type Operation = { security?: Record<string, string[]>[] };

const ROUTES = [
  ...new Set(
    createApp()
      .routes.filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`),
  ),
];

function accessOf(route: string): string {
  const [access] = Object.entries(OPEN).find(([, routes]) => routes.includes(route)) ?? ["secret"];
  return access;
}

async function send(
  route: string,
  authorization: string | null,
  { query = "", body, more = {} }: { query?: string; body?: object; more?: object } = {},
): Promise<[number, string]> {
  const [method, path = ""] = route.split(" ");
  const headers = { "content-type": "application/json", ...more };
  const request = new Request(ORIGIN + path.replaceAll(/:\w+/g, "x") + query, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: authorization === null ? headers : { ...headers, authorization },
  });
  const response = await fetchChecked(request);
  const text = await response.text();
  const isRefused = response.status === 401 || response.status === 403;
  return [response.status, isRefused ? JSON.parse(text).error.code : "in"];
}

const inSeconds = (s: number) => Math.floor(Date.now() / 1000) + s;
const token = (claims: object, secret: string) =>
  sign(
    { sub: "a shopper", aud: "millrace-shopper", exp: inSeconds(60), ...claims },
    secret,
    "HS256",
  );
const TOKEN_SECRET = `shopper-token:${env.PSEUDONYM_KEY}`;

/** Neither a key nor a token of ours. */
const STRANGERS: Record<string, string | null> = {
  none: null,
  "the word alone": "Bearer ",
  "no bearer": "sk_test",
  "another scheme": "Basic sk_test",
  unknown: "Bearer sk_wrong",
  "two at once": "Bearer sk_test,pk_test",
  "the beginning of a key": "Bearer sk_tes",
  "a key and more": "Bearer sk_testt",
};
const STRANGE_TOKENS: Record<string, Promise<string>> = {
  expired: mintShopperToken("a shopper", inSeconds(-60), env),
  "for somebody else": token({ aud: "somebody-else" }, TOKEN_SECRET),
  "of another key": token({}, env.PSEUDONYM_KEY),
  "about nobody": token({ sub: null }, TOKEN_SECRET),
};

const SESSIONS = { viewer: "", editor: "" };

async function signIn(key: string): Promise<string> {
  const request = new Request(`${ORIGIN}/console/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ key }),
  });
  const response = await fetchChecked(request);
  const [cookie = ""] = (response.headers.get("set-cookie") ?? "").split(";");
  return cookie;
}

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.D1_MIGRATIONS);
  SESSIONS.viewer = await signIn("vk_test");
  SESSIONS.editor = await signIn("sk_test");
});

describe("access", () => {
  it("is declared by every route, and the document tells it", async () => {
    const response = await exports.default.fetch(new Request(`${ORIGIN}/openapi.json`));
    const { paths } = await response.json<{ paths: Record<string, Record<string, Operation>> }>();
    expect(ROUTES.length).toBeGreaterThan(30);
    for (const route of ROUTES) {
      const [method = "", path = ""] = route.split(" ");
      const operation = paths[path.replaceAll(/:(\w+)/g, "{$1}")]?.[method.toLowerCase()];
      const told = operation?.security?.flatMap((scheme) => Object.keys(scheme));
      expect(told, route).toEqual(SCHEMES[accessOf(route)]);
    }
    expect(ROUTES).toEqual(expect.arrayContaining(Object.values(OPEN).flat()));
  });

  it.each(ROUTES)("%s", async (route) => {
    const access = accessOf(route);
    const isIn = [expect.any(Number), "in"];
    const isOpen = access === "none" && route !== WHO_AM_I;
    const refused = isOpen ? isIn : [401, "unauthorized"];
    const notToken = access === "shopper" ? [401, "invalid_token"] : refused;

    for (const [name, authorization] of Object.entries(STRANGERS)) {
      const isToken = authorization !== null && /^Bearer \S/.test(authorization);
      expect(await send(route, authorization), name).toEqual(isToken ? notToken : refused);
    }
    for (const [name, strange] of Object.entries(STRANGE_TOKENS)) {
      expect(await send(route, `Bearer ${await strange}`), name).toEqual(notToken);
    }
    const isForShop = access === "secret" || access === "inspect";
    const publishable = isForShop ? [403, "secret_key_required"] : isIn;
    const takesNoKey = access === "shopper" || access === "shopify" || route === WHO_AM_I;
    expect(await send(route, "Bearer pk_test"), "publishable").toEqual(
      takesNoKey ? notToken : publishable,
    );
    expect(await send(route, "Bearer sk_test"), "secret").toEqual(takesNoKey ? notToken : isIn);
    const own = await mintShopperToken("a shopper", inSeconds(60), env);
    expect(await send(route, `Bearer ${own}`), "shopper").toEqual(
      access === "shopper" ? isIn : refused,
    );
  });

  it.each(ROUTES)("of %s, by a session of the console", async (route) => {
    const access = accessOf(route);
    const isIn = [expect.any(Number), "in"];
    const isSafe = route.startsWith("GET ");
    const takesSession = ["publishable", "secret", "inspect"].includes(access);
    const without = access === "none" ? isIn : [401, "unauthorized"];
    for (const role of ["viewer", "editor"] as const) {
      const cookie = SESSIONS[role];
      const own = { cookie, origin: ORIGIN, "x-millrace-console": "1" };
      const changes = access !== "inspect" && !isSafe && takesSession;
      const refused = [403, "editor_required"];
      expect(await send(route, null, { more: own }), role).toEqual(
        takesSession ? (changes && role === "viewer" ? refused : isIn) : without,
      );
      // What another site can make a browser send.
      for (const more of [
        { cookie },
        { cookie, origin: ORIGIN },
        { cookie, "x-millrace-console": "1" },
        { ...own, origin: "https://evil.example" },
      ]) {
        const crossSite = takesSession && !isSafe ? [403, "cross_site_request"] : isIn;
        expect(await send(route, null, { more }), JSON.stringify(more)).toEqual(
          takesSession ? crossSite : access === "none" ? expect.anything() : without,
        );
      }
      // A key counts before a session, also a wrong one.
      if (access === "secret")
        expect(await send(route, "Bearer sk_wrong", { more: own })).toEqual([401, "unauthorized"]);
    }
  });

  it.each(OPEN["sender"] ?? [])("of %s, wherever senders have their key", async (route) => {
    const refused = [401, "unauthorized"];
    const isIn = [expect.any(Number), "in"];
    expect(await send(route, `Basic ${btoa("pk_test:")}`), "basic").toEqual(isIn);
    expect(await send(route, `Basic ${btoa("sk_test:")}`), "basic, secret").toEqual(isIn);
    expect(await send(route, `Basic ${btoa("pk_wrong:")}`), "basic, wrong").toEqual(refused);
    expect(await send(route, `Basic ${btoa(":pk_test")}`), "basic, password").toEqual(refused);
    for (const name of ["key", "api_secret"]) {
      expect(await send(route, null, { query: `?${name}=pk_test` }), name).toEqual(isIn);
      expect(await send(route, null, { query: `?${name}=pk_wrong` }), name).toEqual(refused);
      expect(await send(route, null, { query: `?${name}=sk_test` }), name).toEqual(refused);
    }
    expect(await send(route, null, { body: { writeKey: "pk_test" } }), "body").toEqual(isIn);
    expect(await send(route, null, { body: { writeKey: "pk_wrong" } }), "body").toEqual(refused);
    expect(await send(route, "Bearer pk_wrong", { body: { writeKey: "pk_test" } })).toEqual(
      refused,
    );
  });
});
