// A shop's log through a real Worker by the command lines: replayed, verified, replayed again.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lastLineAsJson, runCommandLine } from "../support/command.ts";
import { findDataFile } from "../support/data-sets.ts";
import { makeFolder } from "../support/folder.ts";
import { openLocalShop, type LocalShop } from "../support/local-shop.ts";

/** Minutes on a busy laptop; the whole log is for `npm run replay`. */
const RETAILROCKET_EVENTS = 600;

const folder = makeFolder();
const simulated = join(folder, "shop.ndjson");
let shop: LocalShop;

beforeAll(async () => {
  const size = ["--seed", "3", "--shoppers", "60", "--days", "10"];
  await runCommandLine("simulate", [...size, "--out", simulated]);
  shop = await openLocalShop();
});

afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true, force: true });
});

async function replay(source: string, file: string, ...more: string[]): Promise<unknown> {
  const args = ["--source", source, "--file", file, "--url", shop.url, "--restart", "--json"];
  return lastLineAsJson(await runCommandLine("replay", [...args, ...more]));
}

async function verify(source: string, file: string, ...more: string[]): Promise<string> {
  const args = ["--source", source, "--file", file, "--url", shop.url];
  return await runCommandLine("verify-fold", [...args, ...more]);
}

const percent = expect.any(Number);
const whole = expect.any(Number);
const quality = {
  asked: whole,
  "hr@20": percent,
  "mrr@20": percent,
  "hr@20_ci95": percent,
  "mrr@20_ci95": percent,
};

describe("the simulated shop's log", () => {
  it("is accepted whole, and each view is asked for beforehand", async () => {
    const report = await replay("simulated", simulated);
    expect(report).toEqual({
      sent: whole,
      accepted: whole,
      duplicates: 0,
      rejected: 0,
      latency_ms: { p50: whole, p90: whole, p99: whole },
      recommendations: quality,
      popularity: quality,
      co_visitation: quality,
      recently_viewed: quality,
      recently_viewed_co_visitation: quality,
      discovery: quality,
      revisit: quality,
      slices: expect.objectContaining({ all: expect.anything(), revisit: expect.anything() }),
    });
    expect(report).toMatchObject({ sent: expect.toSatisfy((sent) => sent > 500) });
  });

  it("gives every shopper the state of the offline fold, and the log every event once", async () => {
    const output = await verify("simulated", simulated, "--log");
    expect(output).toMatch(/^\d{2,} shoppers, 0 differ$/m);
    expect(output).toMatch(/as many as were accepted/);
  });

  it("is all duplicates the second time, and nothing changes", async () => {
    const again = await replay("simulated", simulated, "--no-ask");
    expect(again).toMatchObject({ accepted: 0, rejected: 0 });
    expect(again).toHaveProperty(
      "duplicates",
      expect.toSatisfy((count) => count > 500),
    );
    expect(await verify("simulated", simulated, "--log")).toMatch(/ 0 differ$/m);
  });
});

const retailrocket = findDataFile("retailrocket-tail/events.csv.gz");

describe.skipIf(retailrocket === null)(
  "RetailRocket's log (skipped where retailrocket-tail/events.csv.gz is not in MILLRACE_DATA)",
  () => {
    it("is replayed and verified by the same commands", async () => {
      const some = ["--limit", String(RETAILROCKET_EVENTS)];
      const report = await replay("retailrocket", retailrocket ?? "", ...some);
      expect(report).toMatchObject({ accepted: RETAILROCKET_EVENTS, duplicates: 0, rejected: 0 });
      const output = await verify("retailrocket", retailrocket ?? "", ...some);
      expect(output).toMatch(/^\d{3,} shoppers, 0 differ$/m);
    });
  },
);
