// The runs of jobs in D1: opened, carried on, ended, listed.
import { and, asc, desc, eq, inArray, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { runBatch } from "../../d1/run-batch.ts";
import type { Counts, Slice } from "./job.ts";
import { renewLease, whileHeld, type Lease } from "./lease.ts";
import { jobs } from "./schema.ts";

export type Run = typeof jobs.$inferSelect;

/** Runs of one job that are remembered; a year of nights, two weeks of hours. */
const RUNS_KEPT = 365;

/** Opens a run of each job that has none open. */
export async function openRuns(
  database: D1Database,
  names: readonly string[],
  now: number,
): Promise<void> {
  await drizzle(database).run(sql`
    insert into ${jobs} (name, status, started_at)
    select value, 'open', ${now} from json_each(${JSON.stringify(names)}) where true
    on conflict do nothing`);
}

/** The open run of a job, or null. */
export async function readOpenRun(database: D1Database, name: string): Promise<Run | null> {
  const rows = await drizzle(database)
    .select()
    .from(jobs)
    .where(and(eq(jobs.name, name), eq(jobs.status, "open")));
  return rows[0] ?? null;
}

export async function listOpenNames(database: D1Database): Promise<string[]> {
  const rows = await drizzle(database)
    .select({ name: jobs.name })
    .from(jobs)
    .where(eq(jobs.status, "open"))
    .orderBy(asc(jobs.run_id));
  return rows.map(({ name }) => name);
}

/** The run before the given one, or null. */
export async function readRunBefore(
  database: D1Database,
  { name, run_id }: Run,
): Promise<Run | null> {
  const rows = await drizzle(database)
    .select()
    .from(jobs)
    .where(and(eq(jobs.name, name), sql`run_id < ${run_id}`))
    .orderBy(desc(jobs.run_id))
    .limit(1);
  return rows[0] ?? null;
}

export async function readRun(database: D1Database, run_id: number): Promise<Run | null> {
  const rows = await drizzle(database).select().from(jobs).where(eq(jobs.run_id, run_id));
  return rows[0] ?? null;
}

/** The last runs of each job, newest first. */
export async function listRuns(
  database: D1Database,
  names: readonly string[],
  limit: number,
): Promise<Run[]> {
  const db = drizzle(database);
  const ids = db.all<{ run_id: number }>(sql`
    select run_id from (
      select run_id, row_number() over (partition by name order by run_id desc) as newest from ${jobs}
      where name in (select value from json_each(${JSON.stringify(names)})))
    where newest <= ${limit}`);
  const list = JSON.stringify((await ids).map(({ run_id }) => run_id));
  return await db
    .select()
    .from(jobs)
    .where(inArray(jobs.run_id, sql`(select value from json_each(${list}))`))
    .orderBy(desc(jobs.run_id));
}

/** Keeps the first checkpoint of a run. Throws where the lease is lost. */
export async function saveBeginning(
  database: D1Database,
  lease: Lease,
  { run_id, name }: Run,
  checkpoint: string,
): Promise<void> {
  await runBatch(database, [
    sql`update ${jobs} set checkpoint = ${checkpoint}, name = ${whileHeld(lease, name)} where run_id = ${run_id}`,
  ]);
}

/** Keeps what a slice did, all of it or nothing, and prolongs the lease. Throws where the lease is lost. */
export async function saveSlice(
  database: D1Database,
  lease: Lease,
  run: Run,
  slice: Slice<string>,
  now: number,
): Promise<Run> {
  const counts = JSON.stringify(addCounts(readCounts(run), slice.counts));
  const status = slice.done ? "done" : "open";
  const ended = slice.done ? now : null;
  await runBatch(database, [
    sql`update ${jobs} set checkpoint = ${slice.state}, counts = ${counts}, slices = slices + 1,
      status = ${status}, ended_at = ${ended}, name = ${whileHeld(lease, run.name)} where run_id = ${run.run_id}`,
    ...(slice.writes ?? []),
    renewLease(lease, now),
    ...(slice.done ? [forgetOldRuns(run.name)] : []),
  ]);
  return {
    ...run,
    checkpoint: slice.state,
    counts,
    status,
    ended_at: ended,
    slices: run.slices + 1,
  };
}

export async function saveFailure(
  database: D1Database,
  lease: Lease,
  { run_id, name }: Run,
  { message, advice, now }: { message: string; advice: string; now: number },
): Promise<void> {
  await runBatch(database, [
    sql`update ${jobs} set status = 'failed', ended_at = ${now}, error = ${message}, advice = ${advice},
      name = ${whileHeld(lease, name)} where run_id = ${run_id}`,
  ]);
}

function forgetOldRuns(name: string): SQL {
  return sql`delete from ${jobs} where name = ${name} and run_id <= (
    select run_id from ${jobs} where name = ${name} order by run_id desc limit 1 offset ${RUNS_KEPT})`;
}

export function readCounts({ counts }: Pick<Run, "counts">): Counts {
  const read: Counts = JSON.parse(counts);
  return read;
}

function addCounts(sum: Counts, more: Counts): Counts {
  const total = new Map(Object.entries(sum));
  for (const [name, count] of Object.entries(more)) total.set(name, (total.get(name) ?? 0) + count);
  return Object.fromEntries(total);
}
