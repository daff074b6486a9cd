// GET /v1/stats: how much the log holds.
import * as z from "zod";
import { readLogStats } from "../../log/stats.ts";
import { defineRoute } from "../middleware/define-route.ts";
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
    bot_events: z.int().describe("What crawlers sent, kept apart."),
  })
  .meta({ id: "Stats" });

export const stats = createRouter();

stats.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/stats",
    tags: ["operations"],
    summary: "Count what the log holds",
    description: "Reads whole tables: for an operator's question, not for polling.",
    answers: {
      200: { description: "Counts.", content: { "application/json": { schema: Stats } } },
    },
  }),
  async (c) => c.json(await readLogStats(c.env.DB), 200),
);
