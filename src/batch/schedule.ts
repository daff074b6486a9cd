// Which job runs on which cron of wrangler.toml. A job may run twice or late, and does no harm.
import { keepHouse } from "./housekeeping.ts";

type Job = (env: Env, now: number) => Promise<void>;

const JOBS = new Map<string, readonly Job[]>([
  ["7 * * * *", []],
  ["23 2 * * *", [(env, now) => keepHouse(env.DB, now)]],
]);

/** Runs the jobs of one cron, each whatever becomes of the others; then throws if any failed, so that it shows. */
export async function runSchedule(cron: string, env: Env, now: number): Promise<void> {
  const jobs = JOBS.get(cron);
  if (jobs === undefined) throw new Error(`No jobs are known for the cron "${cron}".`);
  const results = await Promise.allSettled(jobs.map((job) => job(env, now)));
  const failures = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason] : [],
  );
  if (failures.length > 0) throw new AggregateError(failures, `Jobs of "${cron}" failed.`);
}
