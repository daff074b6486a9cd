// GET /v1/rejected: what senders of events got wrong in the last thirty days, and what they have to change.
import * as z from "zod";
import { adviseOn } from "../../ingest/advice.ts";
import { readRejected, type RejectedReason } from "../../log/rejected.ts";
import { Time, toIso } from "../../shop/units.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";

const MAX_SAMPLES = 20;

const Reason = z
  .object({
    code: z.string().meta({ example: "unknown_event_name" }),
    times: z.int().describe("Refused events, or lines of events."),
    first_at: Time,
    last_at: Time,
    advice: z.string().describe("What the sender has to change."),
    samples: z.array(
      z.object({
        message: z.string(),
        row: z
          .string()
          .describe(
            "JSON of what was sent, cut; without ids of people, searches and unknown fields.",
          ),
        times: z.int(),
        last_at: Time,
      }),
    ),
  })
  .meta({ id: "RejectedReason" });

export const rejected = createRouter();

rejected.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/rejected",
    tags: ["operations"],
    summary: "See which events were refused, and why",
    request: {
      query: z.object({ samples: z.coerce.number().int().min(0).max(MAX_SAMPLES).default(3) }),
    },
    answers: {
      200: {
        description: "By reason, the most frequent first.",
        content: { "application/json": { schema: z.object({ rejected: z.array(Reason) }) } },
      },
    },
  }),
  async (c) => {
    const reasons = await readRejected(c.env.DB, c.req.valid("query").samples);
    return c.json({ rejected: reasons.map(show) }, 200);
  },
);

function show({ samples, ...reason }: RejectedReason) {
  return {
    code: reason.code,
    times: reason.times,
    first_at: toIso(reason.first_at),
    last_at: toIso(reason.last_at),
    advice: adviseOn(reason.code),
    samples: samples.map(({ last_at, ...sample }) => ({ ...sample, last_at: toIso(last_at) })),
  };
}
