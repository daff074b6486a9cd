// GET /v1/now: the last hour at a glance. What comes after it is told on the socket of live.ts.
import * as z from "zod";
import { readNow } from "../../console/now.ts";
import { Time, toIso } from "../../shop/units.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";

const Now = z
  .object({
    at: Time,
    minutes: z
      .array(z.object({ at: Time, events: z.int(), orders: z.int(), shoppers: z.int() }))
      .describe("Of the last hour, by when it happened; minutes without events are left out."),
    latest: z
      .array(
        z.object({
          name: z.string(),
          shopper: z.string().describe("Pseudonym."),
          item_ids: z.array(z.string()),
          at: Time,
        }),
      )
      .describe("What the log took last, the newest first."),
    refused: z.int().describe("Rows that were refused in the last hour."),
    dead_letters: z.int().describe("Messages that wait to be sent again."),
    reminders_due: z
      .int()
      .describe("Carts that were left and were due a reminder since yesterday."),
  })
  .meta({ id: "Now" });

export const now = createRouter();

now.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/now",
    tags: ["operations"],
    summary: "What happens now",
    answers: {
      200: { description: "The last hour.", content: { "application/json": { schema: Now } } },
    },
  }),
  async (c) => {
    const at = Date.now();
    const { minutes, latest, ...counts } = await readNow(c.env.DB, at);
    const answer = {
      ...counts,
      at: toIso(at),
      minutes: minutes.map((minute) => ({ ...minute, at: toIso(minute.at) })),
      latest: latest.map(({ timestamp, ...event }) => ({ ...event, at: toIso(timestamp) })),
    };
    return c.json(answer, 200);
  },
);
