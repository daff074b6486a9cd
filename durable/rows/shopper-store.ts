// The rows of one shopper's object: every query there is, each a synchronous call. No decision is made here.
import { and, asc, eq, gte, inArray, lte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/durable-sqlite";
import type { Delivery, LogEntry } from "../contract.ts";
import { prepareHotQueries } from "./hot-queries.ts";
import * as tables from "./schema.ts";
import type { ShopperRow } from "./schema.ts";
import { completeEvent, type ShopEvent } from "../state/event.ts";
import { completeState } from "../state/shopper.ts";
import type { ShopperHistory } from "../state/identify.ts";
import type { ShopperStream, WindowEntry } from "../state/receive.ts";
import type { ReminderState } from "../state/reminders/state.ts";
import { readLastArrival, readNextDue, readShopperRow } from "./wake-reads.ts";

export type PendingEntry = Pick<typeof tables.outbox.$inferSelect, "seq" | "entry" | "attempts">;
export type Handover = {
  linked_to: string;
  history: ShopperHistory;
  identify: Delivery;
  attempts: number;
  due_at: number;
};

/** The one row of a table that has one. */
const ONLY = 1;

export type ShopperStore = ReturnType<typeof openStore>;

export function openStore(storage: DurableObjectStorage) {
  const db = drizzle(storage);
  const hot = prepareHotQueries(db);

  return {
    readShopper: () => readShopperRow(storage.sql),
    writeShopper: (row: ShopperRow) => hot.writeShopper().run(row),

    readCheckpoint() {
      const row = db.select().from(tables.checkpoint).get();
      return row === undefined ? null : { ...row, state: completeState(row.state) };
    },
    writeCheckpoint({ checkpoint, floor }: ShopperStream) {
      const row = {
        state: checkpoint,
        floor_timestamp: floor?.timestamp ?? null,
        floor_event_id: floor?.event_id ?? null,
        floor_tie: floor?.tie ?? null,
        floor_name: floor?.name ?? null,
      };
      db.insert(tables.checkpoint)
        .values({ id: ONLY, ...row })
        .onConflictDoUpdate({ target: tables.checkpoint.id, set: row })
        .run();
    },
    dropCheckpoint: () => db.delete(tables.checkpoint).run(),

    /** In the order of arrival, whatever version wrote them. */
    readWindow: (): WindowEntry[] =>
      db
        .select({ entry: tables.windowEntries.entry })
        .from(tables.windowEntries)
        .orderBy(asc(tables.windowEntries.seq))
        .all()
        .map(({ entry }) => completeEntry(entry)),
    addToWindow: (entry: WindowEntry) =>
      hot.addToWindow().run({
        timestamp: entry.event.timestamp,
        event_id: entry.event.event_id,
        entry,
      }),
    dropFromWindow(entries: readonly WindowEntry[]) {
      const { windowEntries } = tables;
      for (const ids of inChunks(entries.map(({ event }) => event.event_id))) {
        db.delete(windowEntries).where(inArray(windowEntries.event_id, ids)).run();
      }
    },
    clearWindow: () => db.delete(tables.windowEntries).run(),

    /** Its number in the order of arrival, or null where the id is known already. */
    remember: (event_id: string, received_at: number, content: number | null): number | null =>
      hot.remember().get({ event_id, received_at, content })?.seq ?? null,
    /** Of an id that is known, what it was remembered with; undefined for any other. */
    recall: (event_id: string): { content: number | null } | undefined =>
      db
        .select({ content: tables.seenEvents.content })
        .from(tables.seenEvents)
        .where(eq(tables.seenEvents.event_id, event_id))
        .get(),
    /** When the last id came, ms; null before the first. */
    readLastArrival: () => readLastArrival(storage.sql),
    /** Forgets the ids at the head of the order of arrival that came before `received_at`, and all up to `seq`. */
    forget(received_at: number, seq: number) {
      const { seenEvents } = tables;
      const fresh = db
        .select({ seq: seenEvents.seq })
        .from(seenEvents)
        .where(gte(seenEvents.received_at, received_at))
        .orderBy(asc(seenEvents.seq))
        .limit(1)
        .get();
      const stale = fresh === undefined ? seq : fresh.seq - 1;
      db.delete(seenEvents)
        .where(lte(seenEvents.seq, Math.max(stale, seq)))
        .run();
    },

    addPending: (entry: LogEntry, due_at: number) =>
      hot.addPending().run({ event_id: entry.event.event_id, entry, due_at }),
    readPending: (): LogEntry[] =>
      db
        .select()
        .from(tables.outbox)
        .orderBy(asc(tables.outbox.seq))
        .all()
        .map(({ entry }) => completed(entry)),
    readDue: (now: number, limit: number): PendingEntry[] =>
      db
        .select({
          seq: tables.outbox.seq,
          entry: tables.outbox.entry,
          attempts: tables.outbox.attempts,
        })
        .from(tables.outbox)
        .where(lte(tables.outbox.due_at, now))
        .orderBy(asc(tables.outbox.seq))
        .limit(limit)
        .all(),
    dropPending(seqs: readonly number[]) {
      for (const part of inChunks(seqs)) {
        db.delete(tables.outbox).where(inArray(tables.outbox.seq, part)).run();
      }
    },
    deferPending(seq: number, attempts: number, due_at: number) {
      db.update(tables.outbox).set({ attempts, due_at }).where(eq(tables.outbox.seq, seq)).run();
    },
    nextDueAt: () => readNextDue(storage.sql),

    readReminders: (): ReminderState | null =>
      db.select({ state: tables.reminders.state }).from(tables.reminders).get()?.state ?? null,
    writeReminders(state: ReminderState) {
      const row = { state, due_at: state.look_at };
      db.insert(tables.reminders)
        .values({ id: ONLY, ...row })
        .onConflictDoUpdate({ target: tables.reminders.id, set: row })
        .run();
    },

    readHandover(): Handover | null {
      const row = db.select().from(tables.handover).get();
      if (row === undefined) return null;
      const { past, recent } = row.history;
      const whole = { past: completeState(past), recent: recent.map(completeEntry) };
      const history = { ...row.history, ...whole };
      return { ...row, history, identify: completed(row.identify) };
    },
    writeHandover: (row: Handover) =>
      db
        .insert(tables.handover)
        .values({ id: ONLY, ...row })
        .run(),
    deferHandover: (attempts: number, due_at: number) =>
      db.update(tables.handover).set({ attempts, due_at }).run(),
    dropHandover: () => db.delete(tables.handover).run(),

    hasAbsorbed(anonymous: string, event_id: string): boolean {
      const { absorbed } = tables;
      const isIt = and(eq(absorbed.anonymous, anonymous), eq(absorbed.event_id, event_id));
      return db.select().from(absorbed).where(isIt).get() !== undefined;
    },
    addAbsorbed: (anonymous: string, event_id: string, absorbed_at: number) =>
      db
        .insert(tables.absorbed)
        .values({ anonymous, event_id, absorbed_at })
        .onConflictDoNothing()
        .run(),
    readAbsorbed: (): string[] =>
      db
        .selectDistinct({ anonymous: tables.absorbed.anonymous })
        .from(tables.absorbed)
        .all()
        .map(({ anonymous }) => anonymous),
  };
}

function completeEntry({ event, history }: WindowEntry): WindowEntry {
  return {
    event: completeEvent(event),
    history: history === null ? null : completeState(history),
  };
}

function completed<Kept extends { event: ShopEvent }>(kept: Kept): Kept {
  return { ...kept, event: completeEvent(kept.event) };
}

/** A statement of SQLite in a Durable Object binds at most 100 values. */
const MAX_BOUND = 100;

function inChunks<Value>(values: readonly Value[]): Value[][] {
  const chunks: Value[][] = [];
  for (let i = 0; i < values.length; i += MAX_BOUND) chunks.push(values.slice(i, i + MAX_BOUND));
  return chunks;
}
