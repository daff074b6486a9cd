// What the scheduler does at night, fired by hand: the jobs in their order, each until it is done.
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { expectStatus, type Api } from "../client/api.ts";

const JOBS = ["erase-exports", "roll-up", "export-events", "verify-exports", "request-retraining"];
/** Between two looks at something that is under way, ms. */
const PAUSE_MS = 500;
/** Longer, and something is wrong, ms. */
const WAIT_MS = 300_000;

const Run = z.object({
  status: z.string(),
  counts: z.record(z.string(), z.number()),
  error: z.string().nullable(),
  advice: z.string().nullable(),
});
const Stats = z.object({ events: z.number() });

/** Waits until the log holds so many events, then runs the jobs; answers with the counts of the export. */
export async function runNight(api: Api, events: number): Promise<Record<string, number>> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const stats = Stats.parse(
      expectStatus(await api.send("GET", "/v1/stats"), 200, "GET /v1/stats"),
    );
    if (stats.events >= events) break;
    if (performance.now() > deadline)
      throw new Error(`The log has ${stats.events} of ${events} events.`);
    await pause(PAUSE_MS);
  }
  let exported: Record<string, number> = {};
  for (const name of JOBS) {
    const counts = await runJob(api, name);
    if (name === "export-events") exported = counts;
  }
  return exported;
}

async function runJob(api: Api, name: string): Promise<Record<string, number>> {
  for (;;) {
    const answer = await api.send("POST", `/v1/jobs/${name}/run`);
    // The scheduler itself may be at it.
    if (answer.status === 409) {
      await pause(PAUSE_MS);
      continue;
    }
    const run = Run.parse(expectStatus(answer, 200, `POST /v1/jobs/${name}/run`));
    if (run.status === "failed") throw new Error(`${name}: ${run.error} ${run.advice}`);
    if (run.status === "done") return run.counts;
  }
}
