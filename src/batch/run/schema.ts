// The tables of the batch loop in D1: runs of jobs and who holds which job.
// Every time is in ms since the epoch.
import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

/** One row a run, however many invocations it takes. At most one run of a job is open. */
export const jobs = sqliteTable(
  "jobs",
  {
    run_id: integer("run_id").primaryKey({ autoIncrement: true }),
    name: text("name").notNull(),
    /** `open` until it is done or has failed; an open run that nobody works on goes on at the next tick. */
    status: text("status", { enum: ["open", "done", "failed"] }).notNull(),
    started_at: integer("started_at").notNull(),
    ended_at: integer("ended_at"),
    /** Slices done so far. */
    slices: integer("slices").notNull().default(0),
    /** What was done so far, by name: a JSON object of numbers. */
    counts: text("counts").notNull().default("{}"),
    /** Why it failed, and what to do about it. */
    error: text("error"),
    advice: text("advice"),
    /** Where the job stands, as the job itself understands it: JSON. The next run starts from it. */
    checkpoint: text("checkpoint"),
  },
  (table) => [
    uniqueIndex("jobs_open")
      .on(table.name)
      .where(sql`status = 'open'`),
    index("jobs_by_name").on(table.name, table.run_id),
  ],
);

/** Who works on a job, and until when nobody else may. */
export const jobLeases = sqliteTable("job_leases", {
  name: text("name").primaryKey(),
  holder: text("holder").notNull(),
  expires_at: integer("expires_at").notNull(),
});

/** One row a Parquet file in R2. A slice of the log, from one `seq` to another, is one file for each day in it. */
export const exportParts = sqliteTable(
  "export_parts",
  {
    /** Its key in R2. */
    key: text("key").primaryKey(),
    /** `set_aside`: what cleaning took out; together both kinds hold every row of the log. */
    kind: text("kind", { enum: ["events", "set_aside"] }).notNull(),
    /** UTC day of the events' own time, YYYY-MM-DD. */
    dt: text("dt").notNull(),
    /** First and last `seq` of the slice, which other files share. */
    from_seq: integer("from_seq").notNull(),
    to_seq: integer("to_seq").notNull(),
    rows: integer("rows").notNull(),
    bytes: integer("bytes").notNull(),
    sha256: text("sha256").notNull(),
    min_time: integer("min_time"),
    max_time: integer("max_time"),
    /** Rows that each cleaning step touched: a JSON object of numbers. */
    counts: text("counts").notNull(),
    /** `verified`: read back and found to be what D1 holds. */
    status: text("status", { enum: ["written", "verified"] }).notNull(),
    /** Just before its rows were read from D1. */
    read_at: integer("read_at").notNull(),
    /** When the file last changed. */
    written_at: integer("written_at").notNull(),
  },
  (table) => [
    index("export_parts_by_day").on(table.kind, table.dt),
    index("export_parts_by_slice").on(table.to_seq),
    index("export_parts_by_status").on(table.status, table.to_seq),
  ],
);

/** Where the last slice of the export left a shopper's visit, so that the next one goes on with it. */
export const exportSessions = sqliteTable(
  "export_sessions",
  {
    shopper: text("shopper").primaryKey(),
    started_at: integer("started_at").notNull(),
    last_at: integer("last_at").notNull(),
    events: integer("events").notNull(),
    /** Minute of event time (since the epoch) of the last event, and events in it. */
    minute: integer("minute").notNull(),
    in_minute: integer("in_minute").notNull(),
    /** The session that an event of it named last. */
    session_id: text("session_id"),
  },
  (table) => [index("export_sessions_by_time").on(table.last_at)],
);

/** Erasures that have reached the exports. */
export const exportedErasures = sqliteTable("exported_erasures", {
  shopper: text("shopper").primaryKey(),
  erased_at: integer("erased_at").notNull(),
});

/** Pieces and money of each item by UTC day of the order, each order once, net of refunds and cancellations. */
export const dailySales = sqliteTable(
  "daily_sales",
  {
    dt: text("dt").notNull(),
    item_id: text("item_id").notNull(),
    /** With fractions, of goods by weight. */
    units: integer("units").notNull(),
    /** Minor units of the shop's currency; lines without a price add nothing. */
    revenue: integer("revenue").notNull(),
    /** Lines of orders of which something is left. */
    lines: integer("lines").notNull(),
  },
  (table) => [primaryKey({ columns: [table.item_id, table.dt] })],
);

/** How often each item was viewed, carted and so on, by UTC day. Of rows with few shoppers nothing may be shown. */
export const dailyCounters = sqliteTable(
  "daily_counters",
  {
    dt: text("dt").notNull(),
    item_id: text("item_id").notNull(),
    name: text("name").notNull(),
    events: integer("events").notNull(),
    /** At least so many different shoppers: the most that one slice of the log had. */
    shoppers: integer("shoppers").notNull(),
  },
  (table) => [primaryKey({ columns: [table.dt, table.item_id, table.name] })],
);
