// What every resource file starts from: a router that knows our bindings and words a schema's complaint our way.
import { OpenAPIHono } from "@hono/zod-openapi";
import { fail } from "./errors.ts";

/** `pk` may send events and ask for recommendations; `sk` may do everything. */
export type KeyKind = "publishable" | "secret";

export type AppEnv = {
  Bindings: Env;
  Variables: {
    request_id: string;
    /** Set by `requireKey`. */
    key: KeyKind;
    /** Pseudonym of the shopper whom a shopper token names; set by `requireShopperToken`. */
    shopper: string;
  };
};

/**
 * A resource: routes with their schemas, mounted under `/v1` by `app.ts`.
 *
 * @example
 * export const trending = createRouter();
 * trending.openapi(createRoute({ method: "get", path: "/trending", ... }), (c) => c.json({ items: [] }, 200));
 */
export function createRouter(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result, c) => {
      if (result.success) return undefined;
      const issue = result.error.issues[0];
      const where = issue === undefined ? "" : issue.path.join(".");
      return fail(
        c,
        "invalid_request",
        `${where === "" ? result.target : where}: ${issue?.message ?? "invalid"}.`,
      );
    },
  });
}
