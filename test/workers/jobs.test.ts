// Jobs in real D1: one at a time, in slices, cut off anywhere and carried on, each slice once.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { defineJob, JobError, type JobDeps } from "../../src/batch/run/job.ts";
import { LEASE_MS, takeLease } from "../../src/batch/run/lease.ts";
import { continueJob, runJob } from "../../src/batch/run/run-job.ts";
import { runSchedule } from "../../src/batch/schedule.ts";
import { listRuns, openRuns } from "../../src/batch/run/runs.ts";
import { countRows, request } from "./support/api.ts";

const NIGHT = Date.UTC(2026, 0, 15, 2, 23);
const SLICES = 5;

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

beforeEach(async () => {
  for (const table of ["jobs", "job_leases", "dead_letters"])
    await env.DB.exec(`delete from ${table}`);
});

/** A job of some slices that leaves one row a slice; `before` may hold a slice up or make it fail. */
function countingJob(before: (slice: number) => Promise<void> = () => Promise.resolve()) {
  return defineJob({
    name: "counting",
    summary: "Counts.",
    state: z.object({ next: z.number(), to: z.number() }),
    begin: (last) => Promise.resolve({ next: last?.to ?? 0, to: (last?.to ?? 0) + SLICES }),
    step: async ({ next, to }, { clock }) => {
      await before(next);
      return {
        done: next + 1 === to,
        state: { next: next + 1, to },
        counts: { rows: 1 },
        writes: [
          sql`insert into dead_letters (message_id, reason, body, stored_at)
            values (${`${next} ${crypto.randomUUID()}`}, ${String(next)}, '{}', ${clock()})`,
        ],
      };
    },
  });
}

function depsAt(clock: () => number): JobDeps {
  return {
    DB: env.DB,
    BUCKET: env.BUCKET,
    clock,
    money: { currency: "EUR", scale: 100 },
    feed: null,
  };
}

async function listWritten(): Promise<number[]> {
  const { results } = await env.DB.prepare("select reason from dead_letters order by id").all<{
    reason: string;
  }>();
  return results.map(({ reason }) => Number(reason));
}

const upTo = (end: number) => Array.from({ length: end }, (_, i) => i);

describe("a job", () => {
  it("is worked on by one of two that start at once, and done once", async () => {
    const deps = depsAt(() => NIGHT);
    const outcomes = await Promise.all([
      runJob(countingJob(), deps, NIGHT + 1),
      runJob(countingJob(), deps, NIGHT + 1),
    ]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["busy", "ran"]);
    expect(await listWritten()).toEqual(upTo(SLICES));
  });

  it("stops when its time is up and goes on from there", async () => {
    let now = NIGHT;
    const deps = depsAt(() => now++);
    for (let part = 0; part < SLICES; part++) {
      const work = part === 0 ? runJob : continueJob;
      const outcome = await work(countingJob(), deps, 0);
      expect(outcome).toMatchObject({
        kind: "ran",
        run: { status: part === SLICES - 1 ? "done" : "open", slices: part + 1 },
      });
    }
    expect(await continueJob(countingJob(), deps, 0)).toEqual({ kind: "idle" });
    expect(await listWritten()).toEqual(upTo(SLICES));
    expect(await countRows("jobs")).toBe(1);
  });

  it("is carried on by another after a cut, and who comes back late changes nothing", async () => {
    let now = NIGHT;
    const deps = depsAt(() => now);
    const cut = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const hanging = runJob(
      countingJob(async (slice) => {
        if (slice !== 2) return;
        reached.resolve();
        await cut.promise;
      }),
      deps,
      NIGHT + 1,
    );
    await reached.promise;
    expect(await runJob(countingJob(), deps, NIGHT + 1)).toEqual({ kind: "busy" });

    now += LEASE_MS;
    const outcome = await runJob(countingJob(), deps, now + 1);
    expect(outcome).toMatchObject({ kind: "ran", run: { status: "done", slices: SLICES } });
    cut.resolve();
    await expect(hanging).rejects.toThrow("NOT NULL");
    expect(await listWritten()).toEqual(upTo(SLICES));
    expect(await listRuns(env.DB, ["counting"], 9)).toMatchObject([
      { status: "done", error: null, counts: '{"rows":5}' },
    ]);
  });

  it("says why it failed and what to do, and then goes on at the slice that failed", async () => {
    const deps = depsAt(() => NIGHT);
    const failing = countingJob((slice) =>
      slice === 3
        ? Promise.reject(new JobError("The shelf is full.", "Empty the shelf."))
        : Promise.resolve(),
    );
    const failed = await runJob(failing, deps, NIGHT + 1);
    expect(failed).toMatchObject({
      run: { status: "failed", error: "The shelf is full.", advice: "Empty the shelf.", slices: 3 },
    });
    await runJob(countingJob(), deps, NIGHT + 1);
    expect(await listWritten()).toEqual(upTo(SLICES));
    await runJob(countingJob(), deps, NIGHT + 1);
    expect(await listWritten()).toEqual(upTo(2 * SLICES));
  });
});

describe("the schedule", () => {
  it("begins the night's jobs, and a later tick ends what the first could not", async () => {
    const insert = env.DB.prepare("insert into erasures (shopper, erased_at) values (?, 1)");
    await env.DB.batch(upTo(5001).map((i) => insert.bind(`old ${i}`)));
    await openRuns(env.DB, ["housekeeping"], NIGHT);
    const held = await takeLease(env.DB, "housekeeping", NIGHT);
    expect(held).not.toBe(null);
    await runSchedule("23 2 * * *", env, NIGHT);
    expect(await countRows("erasures", "shopper like 'old %'")).toBe(5001);
    await runSchedule("*/5 * * * *", env, NIGHT + LEASE_MS);
    expect(await countRows("erasures", "shopper like 'old %'")).toBe(0);
    expect(await listRuns(env.DB, ["housekeeping"], 9)).toMatchObject([
      { status: "done", slices: 2 },
    ]);
  });
});

describe("POST /v1/jobs/:name/run and GET /v1/jobs", () => {
  it("run a job and show it", async () => {
    const ran = await request("POST", "/v1/jobs/housekeeping/run");
    expect(ran.status).toBe(200);
    expect(await ran.json()).toMatchObject({ status: "done", slices: 1, error: null });
    const { jobs } = await (
      await request("GET", "/v1/jobs")
    ).json<{ jobs: { name: string; crons: string[]; runs: object[] }[] }>();
    expect(jobs.find(({ name }) => name === "housekeeping")).toMatchObject({
      crons: ["23 2 * * *"],
      runs: [{ status: "done", counts: { rejected: 0 } }],
    });
  });

  it("show a failure with its reason, and what is under way", async () => {
    await openRuns(env.DB, ["housekeeping"], NIGHT);
    await env.DB.prepare("update jobs set checkpoint = '{}' where name = 'housekeeping'").run();
    const failed = await (await request("POST", "/v1/jobs/housekeeping/run")).json();
    expect(failed).toMatchObject({
      status: "failed",
      error: expect.stringContaining("checkpoint of housekeeping"),
      advice: expect.stringContaining("delete the run's row"),
    });
    await openRuns(env.DB, ["housekeeping"], Date.now());
    await takeLease(env.DB, "housekeeping", Date.now());
    expect((await request("POST", "/v1/jobs/housekeeping/run")).status).toBe(409);
    expect(await (await request("GET", "/v1/jobs")).text()).toContain('"status":"running"');
  });

  it("know no other job and no publishable key", async () => {
    expect((await request("POST", "/v1/jobs/dance/run")).status).toBe(404);
    expect((await request("POST", "/v1/jobs/housekeeping/run", { key: "pk_test" })).status).toBe(
      403,
    );
    expect((await request("GET", "/v1/jobs", { key: "pk_test" })).status).toBe(403);
  });
});
