// One row that no job can make sense of: each night's job goes on, and what the others say is counted.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SCHEDULED_JOBS } from "../../src/batch/schedule.ts";
import { rollUp } from "../../src/batch/roll-up/roll-up.ts";
import { ARRIVED, emptyAll, finish, logEvents, START } from "./support/log.ts";

/** What a column may hold and no event has: by an earlier version, by hand, or by a mistake of ours. */
const POISONS: Record<string, string> = {
  "a time beyond all dates": "timestamp = 9007199254740991",
  "a time before all dates": "timestamp = -9007199254740991",
  "a name of a later version": "name = 'teleport'",
  "a price beyond counting": "price = 9000000000000000000, quantity = 1e6",
  "an amount beyond counting": "value = 9000000000000000000, name = 'refund'",
  "an empty item": "item_id = ''",
  "text for a number": "quantity = 'many'",
};

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));
beforeEach(async () => {
  await emptyAll();
  for (const table of ["daily_sales", "daily_counters"]) await env.DB.exec(`delete from ${table}`);
});

const sale = (event_id: string, item_id: string) => ({
  event_id,
  name: "purchase" as const,
  transaction_id: event_id,
  timestamp: START,
  items: [{ item_id, quantity: 2, price: 500 }],
});

describe.each(Object.entries(POISONS))("%s", (_, poison) => {
  beforeEach(async () => {
    await logEvents([sale("before", "a"), sale("poisoned", "b"), sale("after", "c")]);
    await env.DB.exec(`update events set ${poison} where event_id = 'poisoned'`);
  });

  it("stops no job", async () => {
    const ends: Record<string, unknown> = {};
    // In their order of the night: what verifies reads what was exported.
    for (const { job } of SCHEDULED_JOBS) {
      const { status, error } = await finish(job, ARRIVED);
      ends[job.name] = { status, error };
    }
    const done = SCHEDULED_JOBS.map(({ job }) => [job.name, { status: "done", error: null }]);
    expect(ends).toEqual(Object.fromEntries(done));
  });

  it("leaves the sales of the rows beside it whole", async () => {
    await finish(rollUp, ARRIVED);
    const { results } = await env.DB.prepare(
      "select item_id, units, revenue from daily_sales where item_id in ('a', 'c') order by item_id",
    ).all();
    expect(results).toEqual([
      { item_id: "a", units: 2, revenue: 1000 },
      { item_id: "c", units: 2, revenue: 1000 },
    ]);
  });
});

it("keeps what it sets aside, with the reason, where dead letters are", async () => {
  await logEvents([sale("poisoned", "b"), sale("after", "c")]);
  await env.DB.exec("update events set timestamp = 9007199254740991 where event_id = 'poisoned'");
  const { counts } = await finish(rollUp, ARRIVED);
  expect(counts).toMatchObject({ rows: 1, set_aside: 1 });
  const { results } = await env.DB.prepare("select reason, body from dead_letters").all();
  expect(results).toMatchObject([{ reason: "a row of the log: its time is none" }]);
  expect(String(results[0]?.["body"])).toContain('"event_id":"poisoned"');
});
