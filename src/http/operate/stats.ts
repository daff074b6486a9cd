// GET /v1/stats: how much the log holds.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { readLogStats } from "../../log/stats.ts";
import { requireKey, SECRET } from "../middleware/auth.ts";
import { ERRORS } from "../middleware/errors.ts";
import { createRouter } from "../middleware/router.ts";

const Stats = z
  .object({
    events: z.int().describe("Distinct events in the log."),
    event_rows: z.int().describe("Their item lines."),
    shoppers: z.int(),
    impressions: z.int(),
    rejected: z.int().describe("Distinct refused rows."),
    rejected_times: z.int().describe("How often they were sent."),
    dead_letters: z.int(),
  })
  .meta({ id: "Stats" });

export const stats = createRouter();

stats.openapi(
  createRoute({
    method: "get",
    path: "/stats",
    tags: ["operations"],
    summary: "Count what the log holds",
    description: "Reads whole tables: for an operator's question, not for polling.",
    security: SECRET,
    middleware: requireKey("secret"),
    responses: {
      200: { description: "Counts.", content: { "application/json": { schema: Stats } } },
      401: ERRORS[401],
      403: ERRORS[403],
    },
  }),
  async (c) => c.json(await readLogStats(c.env.DB), 200),
);
