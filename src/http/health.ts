// Is the Worker there, and can it reach what it needs?
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { createRouter } from "./router.ts";

export const health = createRouter();

health.openapi(
  createRoute({
    method: "get",
    path: "/health/live",
    tags: ["health"],
    summary: "The Worker runs",
    responses: {
      200: {
        description: "alive",
        content: { "application/json": { schema: z.object({ status: z.literal("ok") }) } },
      },
    },
  }),
  (c) => c.json({ status: "ok" as const }, 200),
);
