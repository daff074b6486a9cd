// The four statements that every event runs, built once an object: building one costs more than running it.
import { getTableColumns, sql, type Placeholder } from "drizzle-orm";
import type { DrizzleSqliteDODatabase } from "drizzle-orm/durable-sqlite";
import * as tables from "./schema.ts";

export function prepareHotQueries(db: DrizzleSqliteDODatabase) {
  const value = (name: string) => sql.placeholder(name);
  // Every column but the key, so that none is forgotten.
  const { id: _key, ...columns } = getTableColumns(tables.shopper);
  const shopper = mapNames(columns, value);
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

function mapNames<Columns extends object>(
  columns: Columns,
  value: (name: string) => Placeholder,
): Record<keyof Columns, Placeholder> {
  const named: Record<keyof Columns, Placeholder> = Object.fromEntries(
    Object.keys(columns).map((name): unknown[] => [name, value(name)]),
  );
  return named;
}
