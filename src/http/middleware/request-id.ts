// Gives each request an id, in the answer's `x-request-id` and in every error.
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-env.ts";

/** An id that a caller sent is kept where it can do no harm in logs. */
const HARMLESS_ID = /^[\w-]{8,64}$/;

export const assignRequestId = createMiddleware<AppEnv>(async (c, next) => {
  const sent = c.req.header("x-request-id");
  const id = sent !== undefined && HARMLESS_ID.test(sent) ? sent : crypto.randomUUID();
  c.set("request_id", id);
  await next();
  c.header("x-request-id", id);
});
