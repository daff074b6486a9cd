// POST /v1/webhooks/shopify: orders, refunds and cancellations as Shopify itself tells them.
import * as z from "zod";
import { fromWebhook, type Webhook } from "../../ingest/adapters/shopify-order.ts";
import { findBuyer } from "../../log/find-buyer.ts";
import { readTime } from "../../shop/read/time.ts";
import { defineStream, serveStream } from "../middleware/define-route.ts";
import { fail } from "../middleware/errors.ts";
import { createRouter } from "../middleware/router.ts";
import { ANSWER } from "./events.ts";
import { takeEvents } from "./take-events.ts";
import { summarise } from "./verdicts.ts";

/** Shopify sends a webhook again for some hours; an order is in the log within seconds, ms. */
const WAIT_FOR_ORDER = 3_600_000;

export const shopify = createRouter();

const route = defineStream("shopify", {
  method: "post",
  path: "/webhooks/shopify",
  tags: ["events"],
  summary: "Take Shopify's order webhooks",
  description:
    "Topics `orders/create`, `orders/updated`, `orders/cancelled` and `refunds/create`; others are ignored. The shopper " +
    "is the customer; a note attribute `millrace_anonymous_id` joins the visitor. A refund of the last hour whose order is " +
    "not known yet is answered 503, so that Shopify sends it again; an older one is refused.",
  request: {
    headers: z.object({ "x-shopify-topic": z.string().optional() }),
    body: { required: true, content: { "application/json": { schema: z.looseObject({}) } } },
  },
  answers: { 200: ANSWER },
  fails: ["invalid_json", "unavailable"],
});

serveStream(shopify, route, async (c) => {
  const payload = parse(c.get("signed"));
  if (payload === undefined) return fail(c, "invalid_json", "The body is not valid JSON.");
  const webhook = fromWebhook(c.req.header("x-shopify-topic") ?? "", payload);
  if (webhook.kind === "ignored") return c.json(summarise([payload], [{ kind: "ignored" }]), 200);
  const owner = webhook.kind === "refund" ? await findBuyer(c.env.DB, webhook.order) : null;
  if (webhook.kind === "refund" && owner === null && isRecent(webhook.event["timestamp"])) {
    return fail(c, "unavailable", "The order of this refund is not known yet; send it again.");
  }
  const verdicts = await takeEvents(c, readRows(webhook, owner), {
    key: "secret",
    isHistory: true,
    ...(owner === null ? {} : { owner }),
  });
  if (verdicts === null || verdicts === "rate_limited")
    return fail(c, "unavailable", "No event could be kept; send them again.");
  return c.json(verdicts, 200);
});

/** A refund is told without its customer: whose the order is, the log knows by pseudonym alone. */
function readRows(webhook: Exclude<Webhook, { kind: "ignored" }>, owner: string | null): unknown[] {
  if (webhook.kind === "events") return webhook.events;
  return [
    owner === null ? webhook.event : { ...webhook.event, anonymous_id: "known-by-pseudonym" },
  ];
}

/**
 * The order may be on its way to the log. Of an older refund it was never told, and Shopify ends a subscription that fails
 * again and again, so that one is refused for good.
 */
function isRecent(timestamp: unknown): boolean {
  const time = readTime(timestamp);
  return typeof time === "number" && Date.now() - time < WAIT_FOR_ORDER;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
