// What every resource file starts from: a router that knows our bindings and words a schema's complaint our way.
import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "./app-env.ts";
import { fail } from "./errors.ts";

export type AppRouter = OpenAPIHono<AppEnv>;

/**
 * A resource: routes with their schemas, mounted under `/v1` by `app.ts`.
 *
 * @example
 * export const trending = createRouter();
 * trending.openapi(defineRoute("publishable", { method: "get", path: "/trending", ... }), (c) => c.json({ items: [] }, 200));
 */
export function createRouter(): AppRouter {
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
