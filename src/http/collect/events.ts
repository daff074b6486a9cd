// POST /v1/events: the shop's events come in, one or many at a time, each judged alone.
import * as z from "zod";
import { WireEvent } from "../../ingest/wire.ts";
import { defineStream, serveStream } from "../middleware/define-route.ts";
import { readSnapshot } from "../shop/find-shopper.ts";
import { readEdge } from "../storefront/edge.ts";
import { Intent, readIntent } from "../storefront/intent.ts";
import { createRouter } from "../middleware/router.ts";
import { MAX_EVENTS, TAKE_FAILS, takeRequest } from "./take-events.ts";
import { Verdicts } from "./verdicts.ts";

const Events = z.array(WireEvent).max(MAX_EVENTS);
const Message = z.looseObject({});

export const Batch = z.union([
  WireEvent,
  Events,
  z.object({ events: Events }),
  z.object({ batch: z.array(Message).max(MAX_EVENTS).describe("Segment messages.") }),
  Message.describe("A message of any other form: Segment, GA4, a data layer, a Shopify pixel."),
]);

const EXAMPLE = {
  events: [
    {
      event_id: "0c5b2f4e-1",
      name: "view_item",
      timestamp: "2026-01-15T12:00:00Z",
      anonymous_id: "visitor-1",
      items: [{ item_id: "sku-1", price: 19.99, item_category: "shoes.boots" }],
    },
  ],
};

export const ANSWER = {
  description: "Each event has its verdict.",
  content: { "application/json": { schema: Verdicts } },
};

const ANSWER_WITH = {
  description: "Each event has its verdict.",
  content: {
    "application/json": {
      schema: Verdicts.extend({
        intent: Intent.nullable().optional().describe("Where it is asked for; without reasons."),
      }).meta({ id: "EventsAnswer" }),
    },
  },
};

export const events = createRouter();

// Registered by hand: the schema documents a batch, but each of its events is judged by itself.
const route = defineStream("sender", {
  method: "post",
  path: "/events",
  tags: ["events"],
  summary: "Send events",
  description:
    "One event, an array, NDJSON, `{events: [...]}` or Segment's `{batch: [...]}`; of each event our form, GA4's, " +
    "Segment's or Shopify's; plain or gzip. An answer of 202 means: every event that is not in `rejected` is durable " +
    "and counts exactly once, however often it is sent.",
  request: {
    query: z.object({
      with: z
        .literal("intent")
        .optional()
        .describe("Tells beside the verdicts what the shopper of the last event is about to do."),
    }),
    body: {
      required: true,
      content: {
        "application/json": { schema: Batch, example: EXAMPLE },
        "application/x-ndjson": { schema: z.string() },
        "text/plain": { schema: z.string() },
      },
    },
  },
  answers: { 202: ANSWER_WITH },
  fails: TAKE_FAILS,
});

serveStream(events, route, (c) => {
  if (c.req.query("with") !== "intent") return takeRequest(c, (verdicts) => c.json(verdicts, 202));
  let intent: z.infer<typeof Intent> | null = null;
  return takeRequest(c, (verdicts) => c.json({ ...verdicts, intent }, 202), {
    async onTaken(shopper) {
      const snapshot = shopper === null ? null : await readSnapshot(shopper, c.env);
      if (snapshot === null) return;
      intent = await readIntent(
        c,
        snapshot,
        readEdge(c, c.get("sender") ?? "publishable").device,
        false,
      );
    },
  });
});
