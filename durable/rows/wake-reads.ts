// What an object reads whenever it wakes, as it does for the first request after some seconds without one. Plain SQL, as
// nothing is kept from one waking to the next, and building a query costs more than running it.
import type { Consent } from "../contract.ts";
import type { ShopperRow } from "./schema.ts";
import { completeState, type ShopperState } from "../state/shopper.ts";

/** As SQLite gives it: JSON is text. */
type StoredRow = Omit<ShopperRow, "state" | "consent"> & {
  id: number;
  state: string;
  consent: string | null;
};

/** null where nothing was folded yet. */
export function readShopperRow(sql: SqlStorage): ShopperRow | null {
  const [stored] = sql.exec<StoredRow>("SELECT * FROM shopper").toArray();
  if (stored === undefined) return null;
  const { id: _only, ...row } = stored;
  const kept: ShopperState = JSON.parse(stored.state);
  const consent: Consent | null = stored.consent === null ? null : JSON.parse(stored.consent);
  return { ...row, state: completeState(kept), consent };
}

/** When the first log entry, hand-over or reminder is due, ms; null where nothing waits. */
export function readNextDue(sql: SqlStorage): number | null {
  const query =
    "SELECT min(due_at) AS at FROM (SELECT due_at FROM outbox UNION ALL SELECT due_at FROM handover " +
    "UNION ALL SELECT due_at FROM reminders)";
  return sql.exec<{ at: number | null }>(query).one().at;
}

/** When the last event came whose id is remembered, ms; null before the first. */
export function readLastArrival(sql: SqlStorage): number | null {
  const query = "SELECT received_at FROM seen_events ORDER BY seq DESC LIMIT 1";
  return sql.exec<{ received_at: number }>(query).toArray()[0]?.received_at ?? null;
}
