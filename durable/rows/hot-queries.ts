// The four statements that every event runs, built once an object: building one costs more than running it.
import { sql } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import * as tables from "./schema.ts";

export function prepareHotQueries(db: DrizzleSqliteDODatabase) {
  const value = (name: string) => sql.placeholder(name);
  const shopper = {
    shopper: value("shopper"),
    state: value("state"),
    watermark: value("watermark"),
    late_events: value("late_events"),
    consent: value("consent"),
    consent_at: value("consent_at"),
    linked_to: value("linked_to"),
    linked_timestamp: value("linked_timestamp"),
    linked_event_id: value("linked_event_id"),
  };
  return {
    /** An upsert that binds the state once. */
    writeShopper: once(() =>
      db
        .insert(tables.shopper)
        .values({ id: 1, ...shopper })
        .onConflictDoUpdate({
          target: tables.shopper.id,
          set: Object.fromEntries(
            Object.keys(shopper).map((name) => [name, sql.raw(`excluded.${name}`)]),
          ),
        })
        .prepare(),
    ),
    addToWindow: once(() =>
      db
        .insert(tables.windowEntries)
        .values({
          timestamp: value("timestamp"),
          event_id: value("event_id"),
          entry: value("entry"),
        })
        .prepare(),
    ),
    /** Returns a row where the id is new. */
    remember: once(() =>
      db
        .insert(tables.seenEvents)
        .values({
          event_id: value("event_id"),
          received_at: value("received_at"),
          content: value("content"),
        })
        .onConflictDoNothing()
        .returning({ seq: tables.seenEvents.seq })
        .prepare(),
    ),
    addPending: once(() =>
      db
        .insert(tables.outbox)
        .values({
          event_id: value("event_id"),
          entry: value("entry"),
          attempts: 0,
          due_at: value("due_at"),
        })
        .prepare(),
    ),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
