// What LOG_QUEUE carries. Each message is checked when it arrives, since a queue outlives the version that wrote to it.
import * as z from "zod";
import type { LogEntry, LogMessage } from "../../durable/contract.ts";
import {
  CONSENT,
  CONTEXT,
  ENVELOPE,
  EVENT,
  EVENT_NAMES,
  ITEM_LINE,
} from "../../durable/state/event.ts";
import { mapKinds } from "../../durable/state/fields.ts";
import { Impression, joinImpressions } from "./old-impressions.ts";

const text = z.string().nullable();

/** What may be null may be absent too: an earlier version did not know the field. */
const KINDS = {
  id: () => z.string().min(1),
  text: () => z.string(),
  "text?": () => text.default(null),
  name: () => z.enum(EVENT_NAMES),
  count: () => z.number(),
  "count?": () => z.number().nullable().default(null),
  rank: () => z.number().default(0),
  "quantity?": () => z.number().nullable().default(null),
  "money?": () => z.number().nullable().default(null),
  time: () => z.number(),
  flag: () => z.boolean(),
  "flag?": () => z.boolean().nullish(),
};

const ItemLine = z.object(mapKinds(ITEM_LINE, KINDS));

const Entry = z.object({
  ...mapKinds(ENVELOPE, KINDS),
  event: z.object({ ...mapKinds(EVENT, KINDS), items: z.array(ItemLine) }),
  consent: z.object(mapKinds(CONSENT, KINDS)),
  context: z.object(mapKinds(CONTEXT, KINDS)),
}) satisfies z.ZodType<LogEntry>;

const Events = z.object({
  kind: z.literal("events"),
  entries: z.array(Entry),
}) satisfies z.ZodType<LogMessage>;

const ShownList = z.object({
  recommendation_id: z.string().min(1),
  /** Position of the first item, from 0: later pages of a list have the same id. */
  first: z.int(),
  /** Pseudonym. */
  shopper: z.string(),
  surface: z.string(),
  /** When it was shown, ms since the epoch. */
  timestamp: z.number(),
  /** The experiment that the list was part of. */
  experiment: text,
  /** Ids, in order of position. */
  items: z.array(z.string()),
  /** Of each item: the retriever that brought it in, its score, the index of its entry in `arms`. */
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

const BotEvent = z.object({
  fingerprint: z.string(),
  agent: z.string(),
  name: z.string(),
  item_ids: z.array(z.string()),
  timestamp: z.number(),
  received_at: z.number(),
});

/** Goods of an order, without whose it is; see stock/goods.ts. */
const OrderGoods = z.object({
  name: z.enum(["purchase", "cancel"]),
  /** Hash of the transaction id. */
  order: z.string().min(1),
  timestamp: z.number(),
  /** Told with a key that only the shop has. */
  trusted: z.boolean(),
  items: z.array(z.object({ item_id: z.string(), variant: text, quantity: z.number().nullable() })),
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
  z.object({ kind: z.literal("bots"), rows: z.array(BotEvent) }),
  z.object({ kind: z.literal("goods"), rows: z.array(OrderGoods) }),
]);

export type QueueMessage = z.infer<typeof QueueMessage>;
/** What one event says of an order's goods. */
export type OrderGoods = z.infer<typeof OrderGoods>;
/** One page of a list that was shown. */
export type ShownList = z.infer<typeof ShownList>;
/** What a challenger would have shown in place of one list. */
export type ShadowList = z.infer<typeof ShadowList>;
/** One row of `POST /v1/events` that was refused, as it is kept. */
export type RejectedEvent = z.infer<typeof RejectedEvent>;
/** One event that a crawler sent, as it is kept. */
export type BotEvent = z.infer<typeof BotEvent>;
