// The tables in one shopper's object. What each is for, and how it is bounded: migrations/storage-schema.md.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Consent, Delivery, LogEntry } from "../contract.ts";
import type { EventName } from "../state/event.ts";
import type { ShopperHistory } from "../state/identify.ts";
import type { WindowEntry } from "../state/receive.ts";
import type { ReminderState } from "../state/reminders/state.ts";
import type { ShopperState } from "../state/shopper.ts";

/** One row, `id` 1: all that `snapshot` needs. */
export const shopper = sqliteTable("shopper", {
  id: integer("id").primaryKey(),
  /** Pseudonym; the object's own name. */
  shopper: text("shopper").notNull(),
  /** Everything folded, the window included. */
  state: text("state", { mode: "json" }).$type<ShopperState>().notNull(),
  watermark: integer("watermark"),
  late_events: integer("late_events").notNull(),
  consent: text("consent", { mode: "json" }).$type<Consent>(),
  /** Event time of that consent, ms. */
  consent_at: integer("consent_at"),
  /** An anonymous shopper who has become a user, and the position of the `identify` in event order. */
  linked_to: text("linked_to"),
  linked_timestamp: integer("linked_timestamp"),
  linked_event_id: text("linked_event_id"),
  /** 1 where the `identify` came with proof. Links of versions that asked for none have null. */
  linked_proven: integer("linked_proven"),
  /** Event time of the last word on `marketing`, and of the last one that took `personalization` back, ms. */
  marketing_at: integer("marketing_at"),
  withdrawn_at: integer("withdrawn_at"),
  /** 1 on an anonymous visitor's object: it expires when nobody comes back. */
  is_anonymous: integer("is_anonymous"),
});

export type ShopperRow = Omit<typeof shopper.$inferSelect, "id">;

/** One row, `id` 1, or none: the fold of every event up to the floor. */
export const checkpoint = sqliteTable("checkpoint", {
  id: integer("id").primaryKey(),
  state: text("state", { mode: "json" }).$type<ShopperState>().notNull(),
  floor_timestamp: integer("floor_timestamp"),
  floor_event_id: text("floor_event_id"),
  /** Null in objects of versions that knew neither. */
  floor_tie: integer("floor_tie"),
  floor_name: text("floor_name").$type<EventName>(),
});

/** The events after the floor, as they arrived: without an index, since they are only ever read all together. */
export const windowEntries = sqliteTable("window_entries", {
  seq: integer("seq").primaryKey(),
  timestamp: integer("timestamp").notNull(),
  event_id: text("event_id").notNull(),
  entry: text("entry", { mode: "json" }).$type<WindowEntry>().notNull(),
});

/** The id memory; `seq` is the order of arrival. */
export const seenEvents = sqliteTable("seen_events", {
  seq: integer("seq").primaryKey(),
  event_id: text("event_id").notNull().unique(),
  received_at: integer("received_at").notNull(),
  /** `Delivery.content`; null where an earlier version kept the id. */
  content: integer("content"),
});

/** Log entries until the log has them. */
export const outbox = sqliteTable("outbox", {
  seq: integer("seq").primaryKey(),
  event_id: text("event_id").notNull(),
  entry: text("entry", { mode: "json" }).$type<LogEntry>().notNull(),
  /** How often the alarm has sent it again, and when it looks next, ms. */
  attempts: integer("attempts").notNull(),
  due_at: integer("due_at").notNull(),
});

/** One row, `id` 1, or none: a history on its way to the user. */
export const handover = sqliteTable("handover", {
  id: integer("id").primaryKey(),
  linked_to: text("linked_to").notNull(),
  history: text("history", { mode: "json" }).$type<ShopperHistory>().notNull(),
  identify: text("identify", { mode: "json" }).$type<Delivery>().notNull(),
  attempts: integer("attempts").notNull(),
  due_at: integer("due_at").notNull(),
});

/** On a user: the anonymous shoppers whose history is in here, by the `identify` that brought it. */
export const absorbed = sqliteTable(
  "absorbed",
  {
    anonymous: text("anonymous").notNull(),
    event_id: text("event_id").notNull(),
    absorbed_at: integer("absorbed_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.anonymous, table.event_id] })],
);

/** One row, `id` 1, or none: reminders of the cart, and when it is next looked at, ms. */
export const reminders = sqliteTable("reminders", {
  id: integer("id").primaryKey(),
  state: text("state", { mode: "json" }).$type<ReminderState>().notNull(),
  due_at: integer("due_at"),
});
