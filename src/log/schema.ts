// The log's tables in D1: events, what was shown, what was refused, what could not be processed.
// Money is in minor units of the shop's currency, every time in ms since the epoch.
import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  sqliteView,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";
import { EVENT_ROW } from "../../durable/state/event.ts";
import { mapKinds } from "../../durable/state/fields.ts";
import { IS_ORDER_EVENT, selectOrderLines } from "./order-lines.ts";

/**
 * One row an item line; an event without items is one row with `item_id` null. `seq` is never reused, so that readers
 * can follow the tail. A row is here because the shopper consented to `analytics`.
 */
export const events = sqliteTable(
  "events",
  mapKinds(EVENT_ROW, {
    seq: () => integer().primaryKey({ autoIncrement: true }),
    id: () => text().notNull(),
    "text?": () => text(),
    name: () => text().notNull(),
    count: () => integer().notNull(),
    "count?": () => integer(),
    rank: () => integer().notNull().default(0),
    /** SQLite keeps fractions here as they are; as `real` the column would need the whole log copied. */
    "quantity?": () => integer(),
    "money?": () => integer(),
    time: () => integer().notNull(),
    /** 0 or 1. */
    flag: () => integer().notNull(),
    "flag?": () => integer(),
  }),
  (table) => [
    uniqueIndex("events_once").on(table.shopper, table.event_id, table.line),
    index("events_by_time").on(table.timestamp),
    // The level that holds is that of the latest stock_update, in whichever order they arrive.
    index("events_of_stock")
      .on(table.item_id, table.timestamp)
      .where(sql`name = 'stock_update'`),
    // Whose an order is, where a refund names nothing else. One entry an order, whatever its lines.
    index("events_of_transactions")
      .on(table.transaction_id)
      .where(sql`name = 'purchase' and line = 0 and transaction_id is not null`),
    index("events_of_orders").on(table.shopper).where(IS_ORDER_EVENT),
    // From an anonymous shopper to the user, and back.
    index("events_of_links")
      .on(table.linked_from)
      .where(sql`linked_from is not null`),
    index("events_of_linked")
      .on(table.shopper)
      .where(sql`linked_from is not null`),
  ],
);

/** Each line of each order once, net of refunds and cancellations. To ask for some shoppers alone: `selectOrderLines`. */
export const orderLines = sqliteView("order_lines", {
  /** Who ordered: the user whom the teller has become. */
  shopper: text("shopper").notNull(),
  transaction_id: text("transaction_id"),
  /** Of an order without a transaction id, and of a refund that names no order. */
  event_id: text("event_id"),
  item_id: text("item_id").notNull(),
  item_variant: text("item_variant"),
  /** When it was first told. */
  timestamp: integer("timestamp").notNull(),
  /** As ordered, and what is left of it; below 0 where a refund names no order. */
  ordered: real("ordered").notNull(),
  quantity: real("quantity").notNull(),
  /** Of the same; null where no event had a price. */
  amount: integer("amount"),
  revenue: integer("revenue"),
  /** A list that a telling of it named. */
  recommendation_id: text("recommendation_id"),
}).as(selectOrderLines());

/**
 * What was shown, one row a page of a list: a row an item would take twenty times the writes, and most of the database.
 * `impressions` has a row for each item.
 */
export const shownLists = sqliteTable(
  "shown_lists",
  {
    recommendation_id: text("recommendation_id").notNull(),
    /** Position of the first item, from 0: later pages of a list have the same id. */
    first: integer("first").notNull(),
    shopper: text("shopper").notNull(),
    surface: text("surface").notNull(),
    timestamp: integer("timestamp").notNull(),
    /** The experiment that the list was part of. */
    experiment: text("experiment"),
    /** JSON array of item ids, in order of position. */
    items: text("items").notNull(),
    /** Of each item: JSON array of [retriever that brought it in, score, index in `arms`]. */
    origins: text("origins").notNull(),
    /** JSON array of [variant, model version]: one entry, but two or three where two rankings are interleaved. */
    arms: text("arms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.recommendation_id, table.first] }),
    index("shown_lists_of_shopper").on(table.shopper, table.timestamp),
    index("shown_lists_by_time").on(table.timestamp),
    index("shown_lists_of_experiment")
      .on(table.experiment, table.shopper)
      .where(sql`experiment is not null`),
  ],
);

/** Every item of every list that was shown. A condition on `item_id` alone reads all of them. */
export const impressions = sqliteView("impressions", {
  recommendation_id: text("recommendation_id").notNull(),
  /** Position in the list, from 0. */
  position: integer("position").notNull(),
  item_id: text("item_id").notNull(),
  shopper: text("shopper").notNull(),
  surface: text("surface").notNull(),
  model_version: text("model_version"),
  source: text("source").notNull(),
  score: real("score").notNull(),
  timestamp: integer("timestamp").notNull(),
  experiment: text("experiment"),
  /** The variant that brought the item in; null where several did. */
  variant: text("variant"),
}).as(sql`
  select l.recommendation_id, l.first + i.key as position, i.value as item_id, l.shopper, l.surface,
    l.arms -> (l.origins -> i.key ->> 2) ->> 1 as model_version, l.origins -> i.key ->> 0 as source,
    l.origins -> i.key ->> 1 as score, l.timestamp, l.experiment, l.arms -> (l.origins -> i.key ->> 2) ->> 0 as variant
  from shown_lists l, json_each(l.items) i`);

/** What a challenger would have shown in place of a list, one row a list; nobody saw it. */
export const shadowLists = sqliteTable(
  "shadow_lists",
  {
    recommendation_id: text("recommendation_id").notNull(),
    experiment: text("experiment").notNull(),
    shopper: text("shopper").notNull(),
    surface: text("surface").notNull(),
    model_version: text("model_version"),
    ranking_version: text("ranking_version"),
    /** Items that the answer had. */
    shown: integer("shown").notNull(),
    /** JSON array of item ids, best first; longer than the answer, so that it tells where a click would have stood. */
    items: text("items").notNull(),
    /** 1 where the challenger could not answer as it should. */
    failed: integer("failed").notNull(),
    timestamp: integer("timestamp").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.recommendation_id, table.experiment] }),
    index("shadow_lists_of_experiment").on(table.experiment, table.timestamp),
    index("shadow_lists_of_shopper").on(table.shopper),
    index("shadow_lists_by_time").on(table.timestamp),
  ],
);

/** Rows of `POST /v1/events` that were refused. A client that repeats one raises `times`, not the table. */
export const rejectedEvents = sqliteTable(
  "rejected_events",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    /** SHA-256 of who sent what and why it was refused. */
    fingerprint: text("fingerprint").notNull(),
    /** Pseudonym, where the row named anyone. */
    shopper: text("shopper"),
    event_id: text("event_id"),
    code: text("code").notNull(),
    message: text("message").notNull(),
    /** The row as it came, as JSON, without ids of people and unknown fields, cut. */
    row: text("row").notNull(),
    times: integer("times").notNull(),
    first_at: integer("first_at").notNull(),
    last_at: integer("last_at").notNull(),
  },
  (table) => [
    uniqueIndex("rejected_events_once").on(table.fingerprint),
    index("rejected_events_of_shopper").on(table.shopper),
  ],
);

/** Events that crawlers sent: apart from all that is learned from, and without a word of who it was. */
export const botEvents = sqliteTable(
  "bot_events",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    /** Of its sender and its id: an event that is sent twice is one. */
    fingerprint: text("fingerprint").notNull(),
    /** What sort of crawler. */
    agent: text("agent").notNull(),
    name: text("name").notNull(),
    /** JSON array. */
    item_ids: text("item_ids").notNull(),
    timestamp: integer("timestamp").notNull(),
    received_at: integer("received_at").notNull(),
  },
  (table) => [uniqueIndex("bot_events_once").on(table.fingerprint)],
);

/** Queue messages that the consumer gave up on, until they are sent again. */
export const deadLetters = sqliteTable(
  "dead_letters",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    message_id: text("message_id").notNull(),
    reason: text("reason").notNull(),
    body: text("body").notNull(),
    stored_at: integer("stored_at").notNull(),
  },
  (table) => [uniqueIndex("dead_letters_once").on(table.message_id)],
);

/** Shoppers who asked to be forgotten: messages about them that are still on their way are dropped. */
export const erasures = sqliteTable("erasures", {
  shopper: text("shopper").primaryKey(),
  erased_at: integer("erased_at").notNull(),
});

/**
 * Reminders that were due, one row each, and those that shoppers of the hold-out would have been given at that moment.
 * What came of them is counted from here.
 */
export const reminders = sqliteTable(
  "reminders",
  {
    reminder_id: text("reminder_id").primaryKey(),
    shopper: text("shopper").notNull(),
    rule_id: text("rule_id").notNull(),
    channel: text("channel").notNull(),
    cart_version: text("cart_version").notNull(),
    touch: integer("touch").notNull(),
    /** 1: of the hold-out, never shown. */
    held_out: integer("held_out").notNull(),
    /** When it was due. */
    created_at: integer("created_at").notNull(),
    shown_at: integer("shown_at"),
    clicked_at: integer("clicked_at"),
    /** Why it was not sent; null where it was, or may be yet. */
    stopped: text("stopped"),
  },
  (table) => [
    index("reminders_of_shopper").on(table.shopper, table.created_at),
    index("reminders_by_time").on(table.created_at),
  ],
);

/** One row, or none: when the shop wants to remind whom. */
export const reminderRules = sqliteTable("reminder_rules", {
  id: integer("id").primaryKey(),
  /** JSON, see `ReminderRules` in durable/state/reminders/rules.ts. */
  body: text("body").notNull(),
  changed_at: integer("changed_at").notNull(),
});
