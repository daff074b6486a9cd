// The Worker dies without warning in mid-replay and comes back: what it acknowledged is there, once.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { lastLineAsJson, runCommandLine, startCommand } from "../support/command.ts";
import { makeFolder } from "../support/folder.ts";
import { openLocalShop, type LocalShop } from "../support/local-shop.ts";
import { pollUntil } from "../support/poll.ts";

/** Killed when the log holds this many events, of some 750. */
const BEFORE_KILL = 150;
const PATIENCE_MS = 60_000;

const folder = makeFolder();
const log = join(folder, "shop.ndjson");
let shop: LocalShop;

beforeAll(async () => {
  const size = ["--seed", "5", "--shoppers", "60", "--days", "10"];
  await runCommandLine("simulate", [...size, "--out", log]);
  shop = await openLocalShop();
});

afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true, force: true });
});

it("keeps every acknowledged event once through SIGKILL", { timeout: 240_000 }, async () => {
  const where = ["--source", "simulated", "--file", log, "--url", shop.url];
  const replay = startCommand("replay", [
    ...where,
    "--restart",
    "--json",
    "--batch",
    "20",
    "--wait",
    "120",
  ]);
  try {
    await pollUntil(`${BEFORE_KILL} events in the log`, PATIENCE_MS, async () => {
      const { body } = await shop.api.send("GET", "/v1/stats");
      const { events } = Object(body);
      return events >= BEFORE_KILL ? events : null;
    });
    expect(replay.exitCode()).toBeNull();
    await shop.kill();
    await shop.restart();
    expect(await replay.ended).toBe(0);
  } finally {
    replay.signal("SIGKILL");
  }
  const report = Object(lastLineAsJson(replay.stdout()));
  expect(report.rejected).toBe(0);
  // An acknowledgement that was cut off makes duplicates of what was kept, never a loss.
  expect(report.accepted + report.duplicates).toBe(report.sent);
  const output = await runCommandLine("verify-fold", [...where, "--log", "--wait", "120"]);
  expect(output).toMatch(/as many as were accepted/);
  expect(output).toMatch(/^\d{2,} shoppers, 0 differ$/m);
});
