// Works on one job: takes the lease, goes on where the last invocation stopped, keeps each slice, stops in time.
import { JobError, type Job, type JobDeps } from "./job.ts";
import { giveBack, takeLease, type Lease } from "./lease.ts";
import {
  openRuns,
  readOpenRun,
  readRun,
  readRunBefore,
  saveBeginning,
  saveFailure,
  saveSlice,
  type Run,
} from "./runs.ts";
import { describeError, log } from "../../../durable/log-line.ts";

export type JobOutcome =
  /** The run as it stands now; `open` where time was up. */
  { kind: "ran"; run: Run } | { kind: "busy" } | { kind: "idle" };

const TRY_AGAIN =
  "Run the job again: it goes on at the slice that failed. If it fails again in the same way, look for the message in the Worker's log.";

/** Opens a run where none is open, and works on it until it is done or `deadline` (ms since the epoch) is past. */
export async function runJob(job: Job, deps: JobDeps, deadline: number): Promise<JobOutcome> {
  return await underLease(job, deps, async (lease) => {
    await openRuns(deps.DB, [job.name], deps.clock());
    return await workOnRun(job, deps, lease, deadline);
  });
}

/** Works on the open run, if there is one. */
export async function continueJob(job: Job, deps: JobDeps, deadline: number): Promise<JobOutcome> {
  return await underLease(job, deps, (lease) => workOnRun(job, deps, lease, deadline));
}

async function underLease(
  job: Job,
  deps: JobDeps,
  work: (lease: Lease) => Promise<JobOutcome>,
): Promise<JobOutcome> {
  const lease = await takeLease(deps.DB, job.lease, deps.clock());
  if (lease === null) return { kind: "busy" };
  try {
    return await work(lease);
  } finally {
    await giveBack(deps.DB, lease);
  }
}

async function workOnRun(
  job: Job,
  deps: JobDeps,
  lease: Lease,
  deadline: number,
): Promise<JobOutcome> {
  const open = await readOpenRun(deps.DB, job.name);
  if (open === null) return { kind: "idle" };
  try {
    let run = open;
    let checkpoint = run.checkpoint ?? (await beginRun(job, deps, lease, run));
    do {
      const slice = await job.step(checkpoint, deps);
      run = await saveSlice(deps.DB, lease, run, slice, deps.clock());
      checkpoint = slice.state;
    } while (run.status === "open" && deps.clock() < deadline);
    return { kind: "ran", run };
  } catch (error) {
    log("error", "job_failed", { job: job.name, run_id: open.run_id }, error);
    // Where the lease is lost this throws too: the run is another's by then, and its state is not ours to write.
    await saveFailure(deps.DB, lease, open, { ...explain(error), now: deps.clock() });
    const failed = await readRun(deps.DB, open.run_id);
    return { kind: "ran", run: failed ?? open };
  }
}

/** After a run that failed goes on at its checkpoint; else asks the job for a new one. */
async function beginRun(job: Job, deps: JobDeps, lease: Lease, run: Run): Promise<string> {
  const before = await readRunBefore(deps.DB, run);
  const last = before?.checkpoint ?? null;
  const goesOn = before?.status === "failed" && last !== null;
  const checkpoint = goesOn ? last : await job.begin(last, deps);
  await saveBeginning(deps.DB, lease, run, checkpoint);
  return checkpoint;
}

function explain(error: unknown): { message: string; advice: string } {
  if (error instanceof JobError) return { message: error.message, advice: error.advice };
  return { message: describeError(error), advice: TRY_AGAIN };
}
