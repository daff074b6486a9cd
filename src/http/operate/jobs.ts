// The batch jobs: what ran, how it ended, what to do where it failed; and a way to run one now.
import * as z from "zod";
import { listHeld } from "../../batch/run/lease.ts";
import { runJob } from "../../batch/run/run-job.ts";
import { listRuns, readCounts, type Run } from "../../batch/run/runs.ts";
import { findJob, SCHEDULED_JOBS, WORK_MS } from "../../batch/schedule.ts";
import { openJobDeps } from "../../batch/job-deps.ts";
import { fail } from "../middleware/errors.ts";
import { orNull, Time, toIso } from "../../shop/units.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";

const MAX_RUNS = 50;

const JobRun = z
  .object({
    run_id: z.int(),
    status: z
      .enum(["running", "waiting", "done", "failed"])
      .describe("`waiting`: cut off or not begun yet; the next tick goes on with it."),
    started_at: Time,
    ended_at: Time.nullable(),
    slices: z.int().describe("Parts of the work that are done and kept."),
    counts: z.record(z.string(), z.number()),
    error: z.string().nullable(),
    advice: z.string().nullable().describe("What to do about the error."),
  })
  .meta({ id: "JobRun" });

const JobInfo = z
  .object({
    name: z.string(),
    summary: z.string(),
    crons: z.array(z.string()),
    runs: z.array(JobRun).describe("Newest first."),
  })
  .meta({ id: "Job" });

export const jobs = createRouter();

jobs.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/jobs",
    tags: ["operations"],
    summary: "List the batch jobs and their last runs",
    request: {
      query: z.object({
        runs: z.coerce.number().int().min(1).max(MAX_RUNS).default(5).describe("Runs a job."),
      }),
    },
    answers: {
      200: {
        description: "In the order in which they run.",
        content: { "application/json": { schema: z.object({ jobs: z.array(JobInfo) }) } },
      },
    },
  }),
  async (c) => {
    const names = SCHEDULED_JOBS.map(({ job }) => job.name);
    const [runs, held] = await Promise.all([
      listRuns(c.env.DB, names, c.req.valid("query").runs),
      listHeld(c.env.DB, Date.now()),
    ]);
    const shown = SCHEDULED_JOBS.map(({ job: { name, summary, lease }, crons }) => ({
      name,
      summary,
      crons: [...crons],
      runs: runs.filter((run) => run.name === name).map((run) => present(run, held.has(lease))),
    }));
    return c.json({ jobs: shown }, 200);
  },
);

jobs.openapi(
  defineRoute("secret", {
    method: "post",
    path: "/jobs/{name}/run",
    tags: ["operations"],
    summary: "Run a batch job now",
    description:
      "Opens a run, or goes on with the one that is open, and works on it for some seconds. While the answer says " +
      "`waiting`, call again to go on at once; else the next tick does.",
    request: { params: z.object({ name: z.string().max(64) }) },
    answers: {
      200: {
        description: "The run as it stands.",
        content: { "application/json": { schema: JobRun } },
      },
    },
    fails: ["not_found", "conflict"],
  }),
  async (c) => {
    const job = findJob(c.req.valid("param").name);
    if (job === null) {
      const names = SCHEDULED_JOBS.map(({ job }) => job.name).join(", ");
      return fail(c, "not_found", `There is no such job. There are: ${names}.`);
    }
    const deps = openJobDeps(c.env, Date.now);
    const outcome = await runJob(job, deps, Date.now() + WORK_MS);
    if (outcome.kind !== "ran") {
      return fail(
        c,
        "conflict",
        "Another invocation works on this job or one that it waits for; GET /v1/jobs tells how far it is.",
      );
    }
    return c.json(present(outcome.run, false), 200);
  },
);

function present(run: Run, held: boolean): z.infer<typeof JobRun> {
  const open = held ? "running" : "waiting";
  return {
    run_id: run.run_id,
    status: run.status === "open" ? open : run.status,
    started_at: toIso(run.started_at),
    ended_at: orNull(run.ended_at, toIso),
    slices: run.slices,
    counts: { ...readCounts(run) },
    error: run.error,
    advice: run.advice,
  };
}
