// Who may pass: publishable keys for storefronts, secret keys for the shop's back end.
import { createMiddleware } from "hono/factory";
import { fail } from "./errors.ts";
import type { AppEnv, KeyKind } from "./app-env.ts";

/** Security schemes of the OpenAPI document. */
export const SECURITY_SCHEMES = {
  publishableKey: {
    type: "http",
    scheme: "bearer",
    description: "`pk_...`: send events, ask for recommendations.",
  },
  secretKey: {
    type: "http",
    scheme: "bearer",
    description: "`sk_...`: everything. Never in a browser.",
  },
  shopperToken: {
    type: "http",
    scheme: "bearer",
    description: "Short-lived, minted by `POST /v1/shopper-tokens` for one shopper.",
  },
} as const;

/** `security` of a route; a secret key opens publishable routes too. */
export const PUBLISHABLE: Record<string, string[]>[] = [{ publishableKey: [] }, { secretKey: [] }];
export const SECRET: Record<string, string[]>[] = [{ secretKey: [] }];

/** Compares without telling by its time how many characters agree; the length may show. */
export function equalInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++)
    difference |= a.charCodeAt(i) ^ b.charCodeAt(i % Math.max(1, b.length));
  return difference === 0;
}

/** The text after `Bearer `, or null. */
export function readBearer(header: string | undefined): string | null {
  const match = header === undefined ? null : /^Bearer +(\S+)$/i.exec(header);
  return match?.[1] ?? null;
}

/** Which kind of key this is, or null where no list has it. Lists are comma-separated. */
export function judgeKey(
  key: string,
  lists: { publishable: string; secret: string },
): KeyKind | null {
  const isIn = (list: string) =>
    list
      .split(",")
      .map((entry) => equalInConstantTime(key, entry.trim()) && entry.trim() !== "")
      .some(Boolean);
  const secret = isIn(lists.secret);
  const publishable = isIn(lists.publishable);
  return secret ? "secret" : publishable ? "publishable" : null;
}

/** Lets a request pass that carries a key of at least this kind. */
export function requireKey(kind: KeyKind) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const bearer = readBearer(c.req.header("authorization"));
    const held =
      bearer === null
        ? null
        : judgeKey(bearer, { publishable: c.env.PUBLISHABLE_KEYS, secret: c.env.SECRET_KEYS });
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
