// What the scheduler does at night, on a local Worker whose clock is not the log's: its crons are fired by hand, and what
// one invocation could not end is carried on until it is done.
import { setTimeout as pause } from "node:timers/promises";
import pRetry from "p-retry";
import * as z from "zod";
import { expectStatus, type Api } from "../../client/api.ts";

/** Between two looks at something that is under way, ms. */
const PAUSE_MS = 500;
/** Of a signal to a Worker that did not answer. */
const RETRIES = 2;

const Run = z.object({
  run_id: z.number(),
  status: z.string(),
  counts: z.record(z.string(), z.number()),
  error: z.string().nullable(),
  advice: z.string().nullable(),
});
const Jobs = z.object({
  jobs: z.array(z.object({ name: z.string(), crons: z.array(z.string()), runs: z.array(Run) })),
});
const Stats = z.object({ events: z.number() });

type Jobs = z.infer<typeof Jobs>["jobs"];

/** Counts of the night's runs, by job. */
export type Night = Record<string, Record<string, number>>;

export type NightOptions = {
  api: Api;
  /** Of a local Worker: others have no door to their scheduler. */
  url: string;
  /** Events that the log must hold before the night begins. */
  events: number;
  waitMs: number;
};

/** Throws where a job fails, with its own advice. */
export async function runNight({ api, url, events, waitMs }: NightOptions): Promise<Night> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const answer = await api.send("GET", "/v1/stats");
    const stats = Stats.parse(expectStatus(answer, 200, "GET /v1/stats"));
    if (stats.events >= events) break;
    if (performance.now() > deadline)
      throw new Error(`The log has ${stats.events} of ${events} events.`);
    await pause(PAUSE_MS);
  }
  const before = await listJobs(api);
  const crons = new Set(before.flatMap((job) => job.crons));
  for (const cron of crons) await fire(url, cron);
  for (;;) {
    const jobs = await listJobs(api);
    let isDone = true;
    for (const { name, runs } of jobs) {
      const [run] = runs;
      if (run?.status === "failed") throw new Error(`${name}: ${run.error} ${run.advice}`);
      if (run?.status === "done") continue;
      isDone = false;
      if (run?.status === "waiting") await api.send("POST", `/v1/jobs/${name}/run`);
    }
    if (isDone) return collectCounts(jobs, before);
    if (performance.now() > deadline) throw new Error("The night's jobs do not end.");
    await pause(PAUSE_MS);
  }
}

async function listJobs(api: Api): Promise<Jobs> {
  const answer = await api.send("GET", "/v1/jobs?runs=5");
  return Jobs.parse(expectStatus(answer, 200, "GET /v1/jobs")).jobs;
}

/** `wrangler dev` has this door to the scheduled handler. A job that failed says so in its row, as `runNight` finds. */
async function fire(url: string, cron: string): Promise<void> {
  const path = `/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(cron)}`;
  await pRetry(async () => await (await fetch(new URL(path, url))).arrayBuffer(), {
    retries: RETRIES,
  });
}

function collectCounts(jobs: Jobs, before: Jobs): Night {
  const last = new Map(before.map(({ name, runs }) => [name, runs[0]?.run_id ?? 0]));
  return Object.fromEntries(
    jobs.map(({ name, runs }) => {
      const tonight = runs.filter(({ run_id }) => run_id > (last.get(name) ?? 0));
      if (tonight.length === 0) throw new Error(`${name} did not run tonight.`);
      const counts: Record<string, number> = {};
      for (const run of tonight) {
        for (const [what, count] of Object.entries(run.counts))
          counts[what] = (counts[what] ?? 0) + count;
      }
      return [name, counts];
    }),
  );
}
