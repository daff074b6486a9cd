// POST /v1/events: the shop's events come in, one or up to a hundred at a time, each judged alone.
import * as z from "zod";
import { openShopper } from "../../../durable/stubs.ts";
import { ingestEvents, type Outcome } from "../../ingest/ingest.ts";
import { describeRejected, describeRejectedLine } from "../../ingest/rejected.ts";
import { sendEntries, sendRejected } from "../../log/send.ts";
import { readSettings } from "../../shop/settings.ts";
import { summarise, Verdicts } from "./verdicts.ts";
import { WireEvent } from "../../ingest/wire.ts";
import { readJson } from "../middleware/body.ts";
import { readEdge } from "../storefront/edge.ts";
import { fail } from "../middleware/errors.ts";
import { defineStream, serveStream } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";

const MAX_EVENTS = 100;
/** A hundred large events of 10 kB, bytes. */
const BODY_LIMIT = 1024 * 1024;

const Batch = z.union([
  WireEvent,
  z.object({ events: z.array(WireEvent).max(MAX_EVENTS) }),
  z.object({ batch: z.array(z.looseObject({})).max(MAX_EVENTS).describe("Segment messages.") }),
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

export const events = createRouter();

// Registered by hand: the schema documents a batch, but each of its events is judged by itself.
const route = defineStream("publishable", {
  method: "post",
  path: "/events",
  tags: ["events"],
  summary: "Send events",
  description:
    "One event, `{events: [...]}` or Segment's `{batch: [...]}`. An answer of 202 means: every event that is not " +
    "in `rejected` is durable and counts exactly once, however often it is sent.",
  request: {
    body: { required: true, content: { "application/json": { schema: Batch, example: EXAMPLE } } },
  },
  answers: {
    202: {
      description: "Each event has its verdict.",
      content: { "application/json": { schema: Verdicts } },
    },
  },
  fails: ["invalid_json", "invalid_request", "batch_too_large", "body_too_large", "unavailable"],
});

serveStream(events, route, async (c) => {
  const body = await readJson(c.req.raw, BODY_LIMIT);
  if (!body.ok) return fail(c, body.reason.code, body.reason.message);
  const rows = readRows(body.value);
  if (rows === null)
    return fail(c, "invalid_request", "Send one event, or an object with an array `events`.");
  if (rows.length > MAX_EVENTS)
    return fail(c, "batch_too_large", `Send at most ${MAX_EVENTS} events at once.`);
  const now = Date.now();
  const settings = readSettings(c.env);
  const { outcomes, entries } = await ingestEvents(rows, {
    ...settings,
    now,
    trusted: c.get("key") === "secret",
    edge: readEdge(c),
    openShopper: (pseudonym) => openShopper(c.env.SHOPPER, pseudonym),
  });
  c.executionCtx.waitUntil(sendOrReport(() => sendEntries(c.env.LOG_QUEUE, entries)));
  const keep = () => keepRejected(rows, outcomes, { now, ...settings, queue: c.env.LOG_QUEUE });
  c.executionCtx.waitUntil(sendOrReport(keep));
  if (outcomes.length > 0 && outcomes.every(isUnavailable)) {
    return fail(c, "unavailable", "No event could be kept; send them again.");
  }
  return c.json(summarise(rows, outcomes), 202);
});

/** Entries that the queue does not take now, the objects send again later; a refused row is not worth more. */
async function sendOrReport(send: () => Promise<void>): Promise<void> {
  try {
    await send();
  } catch (error) {
    console.warn(JSON.stringify({ queue: "log", error: String(error) }));
  }
}

/** The rows of a body in any of its three forms, or null. */
function readRows(body: unknown): unknown[] | null {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  if ("events" in body) return Array.isArray(body.events) ? body.events : null;
  if ("batch" in body) return Array.isArray(body.batch) ? body.batch : null;
  return [body];
}

function isUnavailable(outcome: Outcome): boolean {
  return outcome.kind === "refused" && outcome.rejection.code === "unavailable";
}

async function keepRejected(
  rows: readonly unknown[],
  outcomes: readonly Outcome[],
  { queue, ...settings }: Parameters<typeof describeRejected>[2] & { queue: Queue },
): Promise<void> {
  const descriptions = outcomes.flatMap((outcome, index) => {
    if (outcome.kind === "kept") {
      return outcome.notes.lines.map((line) => describeRejectedLine(rows[index], line, settings));
    }
    if (outcome.kind !== "refused" || isUnavailable(outcome)) return [];
    return [describeRejected(rows[index], outcome.rejection, settings)];
  });
  await sendRejected(queue, await Promise.all(descriptions));
}
