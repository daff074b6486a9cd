// The tables of the batch loop in D1: runs of jobs and who holds which job.
// Every time is in ms since the epoch.
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

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
