// What every answer says of itself, whichever route and whatever became of the request.
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-env.ts";
import { drainBody } from "./sender-body.ts";

/**
 * A browser takes no answer for anything but what it is called; and nobody keeps one, unless its route says otherwise:
 * nearly all are about one shopper or for one key.
 */
export const answerHeaders = createMiddleware<AppEnv>(async (c, next) => {
  const request = c.req.raw;
  await next();
  // What the route did not want to read.
  await drainBody(request);
  c.header("x-content-type-options", "nosniff");
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
});
