// What LOG_QUEUE carries. Each message is checked when it arrives, since a queue outlives the version that wrote to it.
import * as z from "zod";
import type { LogEntry, LogMessage } from "../../durable/contract.ts";
import { EVENT_NAMES } from "../../durable/state/event.ts";
import { Impression, joinImpressions } from "./old-impressions.ts";

const text = z.string().nullable();
const number = z.number().nullable();

const ItemLine = z.object({
  item_id: z.string(),
  price: number,
  quantity: z.number(),
  category: text,
  brand: text,
  list_id: text,
  index: number,
});

const Entry = z.object({
  shopper: z.string().min(1),
  linked_from: text,
  event: z.object({
    event_id: z.string().min(1),
    name: z.enum(EVENT_NAMES),
    timestamp: z.number(),
    session_id: text,
    items: z.array(ItemLine),
    value: number,
    search_term: text,
    transaction_id: text,
    recommendation_id: text,
  }),
  consent: z.object({ analytics: z.boolean(), personalization: z.boolean() }),
  context: z.object({ country: text, device: text, referrer: text, page: text }),
  received_at: z.number(),
}) satisfies z.ZodType<LogEntry>;

const Events = z.object({
  kind: z.literal("events"),
  entries: z.array(Entry),
}) satisfies z.ZodType<LogMessage>;

const ShownList = z.object({
  recommendation_id: z.string().min(1),
  /** Place of the first item, from 0: later pages of a list have the same id. */
  first: z.int(),
  /** Pseudonym. */
  shopper: z.string(),
  surface: z.string(),
  /** When it was shown, ms since the epoch. */
  timestamp: z.number(),
  /** The experiment that the list was part of. */
  experiment: text,
  /** Ids, in order of place. */
  items: z.array(z.string()),
  /** Of each item: the retriever that brought it in, its score, the index of its arm. */
  origins: z.array(z.tuple([z.string(), z.number(), z.int()])),
  /** Variant and model version. */
  arms: z.array(z.tuple([text, text])),
});

const ShadowList = z.object({
  recommendation_id: z.string().min(1),
  experiment: z.string().min(1),
  /** Pseudonym. */
  shopper: z.string(),
  surface: z.string(),
  model_version: text,
  ranking_version: text,
  /** Items that the answer had. */
  shown: z.int(),
  /** Ids of items, best first. */
  items: z.array(z.string()),
  failed: z.boolean(),
  timestamp: z.number(),
});

const RejectedEvent = z.object({
  fingerprint: z.string(),
  shopper: text,
  event_id: text,
  code: z.string(),
  message: z.string(),
  row: z.string(),
  received_at: z.number(),
});

/** Every kind of message, by its `kind`. */
export const QueueMessage = z.discriminatedUnion("kind", [
  Events,
  z.object({ kind: z.literal("shown"), rows: z.array(ShownList) }),
  z
    .object({ kind: z.literal("impressions"), rows: z.array(Impression) })
    .transform(({ rows }) => ({ kind: "shown" as const, rows: joinImpressions(rows) })),
  z.object({ kind: z.literal("shadows"), rows: z.array(ShadowList) }),
  z.object({ kind: z.literal("rejected"), rows: z.array(RejectedEvent) }),
]);

export type QueueMessage = z.infer<typeof QueueMessage>;
/** One page of a list that was shown. */
export type ShownList = z.infer<typeof ShownList>;
/** What a challenger would have shown in place of one list. */
export type ShadowList = z.infer<typeof ShadowList>;
/** One row of `POST /v1/events` that was refused, as it is kept. */
export type RejectedEvent = z.infer<typeof RejectedEvent>;
