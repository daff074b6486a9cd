// Who may use a route: what the OpenAPI document says of it, and the guard that sees to it, side by side.
import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv, KeyKind } from "./app-env.ts";
import { judgeKey, readBasic, readBearer } from "./auth.ts";
import { fail, type ErrorCode } from "./errors.ts";
import { requireShopifySignature } from "./shopify-signature.ts";
import { readShopperToken } from "./proof/shopper-token.ts";
import { isFromConsole, readSession } from "./session.ts";

/**
 * `none`: anybody. `publishable`: a publishable or a secret key. `sender`: the same, in any of the places where senders of
 * events have one. `inspect`: a secret key, for a question that has to be sent as a body. `shopper`: a shopper token, and no
 * key. `shopify`: a body that Shopify signed, and no key.
 *
 * A session of the console counts as a secret key with `publishable`, `secret` and `inspect`: an editor's for everything,
 * a viewer's for what is read.
 */
export type Access =
  | "none"
  | "publishable"
  | "sender"
  | "secret"
  | "inspect"
  | "shopper"
  | "shopify";

type Scheme = keyof typeof SECURITY_SCHEMES;

export type Rule = {
  /** Any one of them opens the route. */
  security: Partial<Record<Scheme, string[]>>[];
  guard: MiddlewareHandler<AppEnv>;
  /** How the guard may fail. */
  fails: readonly ErrorCode[];
  /** And where the request would change something. */
  failsToChange?: readonly ErrorCode[];
};

/** Security schemes of the OpenAPI document. */
export const SECURITY_SCHEMES = {
  publishableKey: {
    type: "http",
    scheme: "bearer",
    description: "`pk_...`: send events, ask for recommendations.",
  },
  writeKey: {
    type: "http",
    scheme: "basic",
    description: "A key as the user name, as senders of Segment's API have it.",
  },
  queryKey: {
    type: "apiKey",
    in: "query",
    name: "key",
    description: "`pk_...`, for `navigator.sendBeacon`, which sends no headers.",
  },
  secretKey: {
    type: "http",
    scheme: "bearer",
    description: "`sk_...`: everything. Never in a browser.",
  },
  consoleSession: {
    type: "apiKey",
    in: "cookie",
    name: "__Host-millrace-console",
    description: "Of a browser that signed in at `POST /console/session`.",
  },
  shopifySignature: {
    type: "apiKey",
    in: "header",
    name: "X-Shopify-Hmac-Sha256",
    description: "Made by Shopify of the body and SHOPIFY_WEBHOOK_SECRET.",
  },
  shopperToken: {
    type: "http",
    scheme: "bearer",
    description: "Short-lived, minted by `POST /v1/shopper-tokens` for one shopper.",
  },
} as const;

export const ACCESS: Record<Access, Rule> = {
  none: { security: [], guard: async (_c, next) => await next(), fails: [] },
  publishable: {
    security: [{ publishableKey: [] }, { secretKey: [] }, { consoleSession: [] }],
    guard: requireKey("publishable"),
    fails: ["unauthorized"],
    failsToChange: ["editor_required", "cross_site_request"],
  },
  sender: {
    security: [{ publishableKey: [] }, { secretKey: [] }, { writeKey: [] }, { queryKey: [] }],
    guard: lookForKey(),
    fails: ["unauthorized"],
  },
  secret: {
    security: [{ secretKey: [] }, { consoleSession: [] }],
    guard: requireKey("secret"),
    fails: ["unauthorized", "secret_key_required"],
    failsToChange: ["editor_required", "cross_site_request"],
  },
  inspect: {
    security: [{ secretKey: [] }, { consoleSession: [] }],
    guard: requireKey("secret", { changes: false }),
    fails: ["unauthorized", "secret_key_required"],
    failsToChange: ["cross_site_request"],
  },
  shopper: {
    security: [{ shopperToken: [] }],
    guard: requireShopperToken(),
    fails: ["unauthorized", "invalid_token"],
  },
  shopify: {
    security: [{ shopifySignature: [] }],
    guard: requireShopifySignature,
    fails: [
      "unauthorized",
      "not_found",
      "body_too_large",
      "invalid_json",
      "unsupported_media_type",
    ],
  },
};

/** What a viewer may ask for, and what no other site can make a browser do. */
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/**
 * Lets a request pass that carries a key of at least this kind, or a session, and sets `key`. A key counts before a session.
 *
 * @param changes whether what is no GET changes anything
 */
function requireKey(kind: KeyKind, { changes } = { changes: true }) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const header = c.req.header("authorization");
    const session = header === undefined ? await readSession(c) : null;
    if (session !== null) {
      const isSafe = SAFE.has(c.req.method);
      if (!isSafe && !isFromConsole(c))
        return fail(c, "cross_site_request", "This did not come from the console's own page.");
      if (!isSafe && changes && session.role !== "editor")
        return fail(c, "editor_required", "You are signed in as a viewer, who changes nothing.");
      c.set("key", "secret");
      return await next();
    }
    const bearer = readBearer(header);
    const held = bearer === null ? null : judgeSender(bearer, c.env);
    if (held === null) {
      c.header("www-authenticate", "Bearer");
      return fail(
        c,
        "unauthorized",
        "Send a valid key as `Authorization: Bearer pk_...` or `Bearer sk_...`.",
      );
    }
    if (kind === "secret" && held !== "secret") {
      return fail(c, "secret_key_required", "This route needs a secret key (`sk_...`).");
    }
    c.set("key", held);
    return await next();
  });
}

/**
 * Sets `sender` by the header or the query. A request that has a key in neither passes too, with null: its body may hold
 * one, and whoever reads it must ask `judgeSender`.
 */
function lookForKey() {
  return createMiddleware<AppEnv>(async (c, next) => {
    const header = c.req.header("authorization");
    const inQuery = c.req.query("key") ?? c.req.query("api_secret");
    const key = header === undefined ? inQuery : (readBearer(header) ?? readBasic(header) ?? "");
    const held = key === undefined ? null : judgeSender(key, c.env);
    if (key !== undefined && held === null) return refuseSender(c);
    if (header === undefined && held === "secret") {
      return fail(c, "unauthorized", "A secret key never belongs into a URL; send it as a header.");
    }
    c.set("sender", held);
    return await next();
  });
}

export function judgeSender(
  key: string,
  env: Pick<Env, "PUBLISHABLE_KEYS" | "SECRET_KEYS">,
): KeyKind | null {
  return judgeKey(key, { publishable: env.PUBLISHABLE_KEYS, secret: env.SECRET_KEYS });
}

export function refuseSender(c: Context<AppEnv>) {
  c.header("www-authenticate", "Bearer");
  return fail(
    c,
    "unauthorized",
    "Send a valid key as `Authorization: Bearer pk_...`, as the user name of Basic, or as `writeKey`.",
  );
}

/** Lets a request pass that carries a valid shopper token, and sets `shopper`. */
function requireShopperToken() {
  return createMiddleware<AppEnv>(async (c, next) => {
    const bearer = readBearer(c.req.header("authorization"));
    if (bearer === null)
      return fail(c, "unauthorized", "Send a shopper token as `Authorization: Bearer <token>`.");
    const token = await readShopperToken(bearer, c.env);
    if (!token.ok) return fail(c, "invalid_token", token.reason);
    c.set("shopper", token.value);
    return await next();
  });
}
