// POST /v1/backfill: a shop's past, told by its back end. Events as old as they are go into the log, orders into the
// profiles whatever came after them, and clocks are taken at their word.
import { defineStream, serveStream } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";
import { ANSWER, Batch } from "./events.ts";
import { TAKE_FAILS, takeRequest } from "./take-events.ts";

export const backfill = createRouter();

const route = defineStream("secret", {
  method: "post",
  path: "/backfill",
  tags: ["events"],
  summary: "Send events of the past",
  description:
    "As `POST /v1/events`, for history: `sent_at` sets no clock right, and `late` is no loss. Events that are older " +
    "than an hour behind a shopper's latest one do not change what the shopper looked at last; orders, refunds and " +
    "cancellations always count. Send each shopper's events in the order of time, and the profile is whole.",
  request: {
    body: { required: true, content: { "application/json": { schema: Batch } } },
  },
  answers: { 202: ANSWER },
  fails: TAKE_FAILS,
});

serveStream(backfill, route, (c) => {
  c.set("sender", c.get("key"));
  return takeRequest(c, (verdicts) => c.json(verdicts, 202), { isHistory: true });
});
