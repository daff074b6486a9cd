// Which job runs on which cron of wrangler.toml, and the ticks in between that carry on what was cut off.
import { eraseExports } from "./export/erase-exports.ts";
import { exportCatalogue } from "./export/export-catalogue.ts";
import { exportEvents } from "./export/export-events.ts";
import { retainEvents } from "./export/retain-events.ts";
import { verifyExports } from "./export/verify-exports.ts";
import { pullCatalogue } from "./feed/pull-catalogue.ts";
import { openJobDeps, type JobBindings } from "./job-deps.ts";
import { housekeeping } from "./housekeeping.ts";
import type { Job, JobDeps } from "./run/job.ts";
import { requestRetraining } from "./request-retraining.ts";
import { rollUp } from "./roll-up/roll-up.ts";
import { indexSearch, learnSearches } from "./search/search-jobs.ts";
import { continueJob } from "./run/run-job.ts";
import { listOpenNames, openRuns } from "./run/runs.ts";

/** Every few minutes open runs go on: a night's work takes several invocations. */
const CONTINUE = "*/5 * * * *";
const HOURLY = "7 * * * *";
const NIGHTLY = "23 2 * * *";

/**
 * How long one invocation works, ms of wall-clock time. A Worker has 30 s of CPU, and CPU time is never longer than
 * the clock's; the rest is for the slice that is under way when time is up.
 */
export const WORK_MS = 20_000;

export type ScheduledJob = { job: Job; crons: readonly string[] };

/** In the order in which they work when several are due. */
export const SCHEDULED_JOBS: readonly ScheduledJob[] = [
  // At night as well: what goes on to be exported and dropped shall know of every erasure.
  { job: eraseExports, crons: [HOURLY, NIGHTLY] },
  { job: rollUp, crons: [HOURLY] },
  { job: pullCatalogue, crons: [HOURLY] },
  { job: indexSearch, crons: [HOURLY] },
  { job: learnSearches, crons: [HOURLY] },
  { job: exportCatalogue, crons: [HOURLY] },
  { job: exportEvents, crons: [NIGHTLY] },
  { job: verifyExports, crons: [NIGHTLY] },
  { job: requestRetraining, crons: [NIGHTLY] },
  { job: retainEvents, crons: [NIGHTLY] },
  { job: housekeeping, crons: [NIGHTLY] },
];

const CRONS = new Set([CONTINUE, HOURLY, NIGHTLY]);

export function findJob(name: string): Job | null {
  return SCHEDULED_JOBS.find(({ job }) => job.name === name)?.job ?? null;
}

/**
 * Opens a run of each job of this cron, then works on all open runs, one after the other, while time is left. What a
 * failed run says is in its row; throws at the end if any failed, so that it shows in the dashboard too.
 */
export async function runSchedule(cron: string, env: JobBindings, now: number): Promise<void> {
  if (!CRONS.has(cron)) throw new Error(`No jobs are known for the cron "${cron}".`);
  const started = Date.now();
  // Jobs live in the time that the caller names; it passes as the clock does.
  const clock = () => now + (Date.now() - started);
  const deps = openJobDeps(env, clock);
  const due = SCHEDULED_JOBS.filter(({ crons }) => crons.includes(cron));
  await openRuns(
    env.DB,
    due.map(({ job }) => job.name),
    now,
  );
  await workOnOpenRuns(deps, now + WORK_MS);
}

async function workOnOpenRuns(deps: JobDeps, deadline: number): Promise<void> {
  const open = new Set(await listOpenNames(deps.DB));
  const failures: Error[] = [];
  for (const { job } of SCHEDULED_JOBS) {
    if (!open.has(job.name)) continue;
    if (deps.clock() >= deadline) break;
    const outcome = await continueJob(job, deps, deadline);
    if (outcome.kind === "ran" && outcome.run.status === "failed")
      failures.push(new Error(`${job.name}: ${outcome.run.error}`));
  }
  if (failures.length > 0)
    throw new AggregateError(failures, "Jobs failed; GET /v1/jobs says why.");
}
