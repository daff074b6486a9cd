// What `npm run torture` does at length, in small: the Worker dies under load, comes back, and has lost and doubled nothing.
import { expect, it } from "vitest";
import { torture } from "../torture/torture.ts";

/** An outbox that was checked before the last kill waits longer for its next look. */
const TIMEOUT_MS = 480_000;

it(
  "keeps every acknowledged event once through SIGKILL, and answers nonsense in words",
  { timeout: TIMEOUT_MS },
  async () => {
    const { ledger, verdict, fuzzed } = await torture(
      { kills: 2, fuzz: 150, seed: 4 },
      () => undefined,
    );
    expect(verdict.acknowledged).toBeGreaterThan(100);
    expect(ledger.erased.size).toBeGreaterThan(0);
    expect(verdict.faults).toEqual([]);
    expect(fuzzed.faults).toEqual([]);
  },
);
