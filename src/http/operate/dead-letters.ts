// Messages that the log could not take: look at them, mend the cause, send them again.
import * as z from "zod";
import {
  listDeadLetters,
  redriveDeadLetters,
  type StoredDeadLetter,
} from "../../log/dead-letters.ts";
import { Time, toIso } from "../../shop/units.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";

const MAX_PAGE = 100;

const Query = z.object({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .meta({ description: "The last id of the page before." }),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(MAX_PAGE),
});

const DeadLetter = z
  .object({
    id: z.int(),
    message_id: z.string(),
    reason: z.string(),
    stored_at: Time,
    body: z.unknown().describe("The message as the queue carries it, in its own units."),
  })
  .meta({ id: "DeadLetter" });

export const deadLetters = createRouter();

deadLetters.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/dead-letters",
    tags: ["operations"],
    summary: "List messages that the log could not take",
    request: { query: Query },
    answers: {
      200: {
        description: "Oldest first.",
        content: {
          "application/json": { schema: z.object({ dead_letters: z.array(DeadLetter) }) },
        },
      },
    },
  }),
  async (c) => {
    const { after, limit } = c.req.valid("query");
    const letters = await listDeadLetters(c.env.DB, after, limit);
    return c.json({ dead_letters: letters.map(show) }, 200);
  },
);

deadLetters.openapi(
  defineRoute("secret", {
    method: "post",
    path: "/dead-letters/redrive",
    tags: ["operations"],
    summary: "Send the oldest messages to the log again",
    request: { query: Query.pick({ limit: true }) },
    answers: {
      200: {
        description: "How many were sent; call again until it is 0.",
        content: { "application/json": { schema: z.object({ redriven: z.int() }) } },
      },
    },
  }),
  async (c) => {
    const redriven = await redriveDeadLetters(
      c.env.DB,
      { log: c.env.LOG_QUEUE, reminders: c.env.REMINDER_QUEUE },
      c.req.valid("query").limit,
    );
    return c.json({ redriven }, 200);
  },
);

function show({ id, message_id, reason, stored_at, body }: StoredDeadLetter) {
  const content: unknown = JSON.parse(body);
  return { id, message_id, reason, stored_at: toIso(stored_at), body: content };
}
