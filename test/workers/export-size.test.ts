// The night's jobs over a log of more rows than one slice holds, in bounded invocations. ROWS may be raised to millions.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { beforeAll, expect, it } from "vitest";
import { EVENTS_KEPT, retainEvents } from "../../src/batch/export/retain-events.ts";
import { SLICE_ROWS } from "../../src/batch/export/slice.ts";
import { exportEvents } from "../../src/batch/export/export-events.ts";
import { verifyExports } from "../../src/batch/export/verify-exports.ts";
import type { Job } from "../../src/batch/run/job.ts";
import { runJob } from "../../src/batch/run/run-job.ts";
import { countRows } from "./support/api.ts";
import { emptyAll } from "./support/log.ts";

const ROWS = 2 * SLICE_ROWS + 5000;
/** Rows that one statement makes. */
const CHUNK = 100_000;
/** One event a second, so many shoppers in turn that every row of a slice is of another one. */
const STEP_MS = 1000;
const SHOPPERS = 40_000;
const START = Date.UTC(2026, 0, 10);
const LATER = START + ROWS * STEP_MS + 2 * EVENTS_KEPT;

async function fillLog(): Promise<void> {
  for (let from = 0; from < ROWS; from += CHUNK) {
    await env.DB.prepare(
      `with recursive n(i) as (select ?1 union all select i + 1 from n where i + 1 < ?2)
      insert into events (shopper, event_id, line, name, timestamp, received_at, item_id, price, quantity, analytics, personalization)
      select 'pseudonym of shopper number ' || (i % ${SHOPPERS}), 'event-of-some-length-' || i, 0, 'view_item',
        ${START} + i * ${STEP_MS}, ${START} + i * ${STEP_MS}, 'item-' || (i * 7919 % 13882), i % 10000, 1, 1, 1 from n`,
    )
      .bind(from, Math.min(ROWS, from + CHUNK))
      .run();
  }
}

/** Invocation after invocation, each of one slice, until the run is done; answers with their number and longest, ms. */
async function turn(job: Job) {
  const deps = {
    DB: env.DB,
    BUCKET: env.BUCKET,
    clock: () => LATER,
    money: { currency: "EUR", scale: 100 },
    feed: null,
  };
  let longest = 0;
  for (let invocations = 1; ; invocations++) {
    const started = performance.now();
    const outcome = await runJob(job, deps, 0);
    longest = Math.max(longest, performance.now() - started);
    if (outcome.kind !== "ran" || outcome.run.status === "failed")
      throw new Error(JSON.stringify(outcome));
    if (outcome.run.status === "done")
      return { invocations, longest: Math.round(longest), counts: outcome.run.counts };
  }
}

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

it("export, verification and retention end, slice by slice, with every row in R2 and none in D1", async () => {
  await emptyAll();
  await fillLog();
  const figures = { export: await turn(exportEvents), verify: await turn(verifyExports) };
  expect(await countRows("events")).toBe(ROWS);
  const retain = await turn(retainEvents);
  console.log(JSON.stringify({ rows: ROWS, ...figures, retain }));
  expect(figures.export.invocations).toBeGreaterThan(ROWS / SLICE_ROWS);
  expect(JSON.parse(figures.verify.counts)).toMatchObject({ rows: ROWS });
  expect(await countRows("events")).toBe(0);
});
