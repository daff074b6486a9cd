// What `npm run torture` does at length, in small: the Worker dies under load, comes back, and has lost and doubled nothing.
import { expect, it } from "vitest";
import { torture } from "../torture/torture.ts";

it("keeps every acknowledged event once through SIGKILL, and answers nonsense in words", async () => {
  const { ledger, verdict, fuzzed } = await torture(
    { kills: 3, fuzz: 200, seed: 4 },
    () => undefined,
  );
  expect(verdict.acknowledged).toBeGreaterThan(100);
  expect(ledger.erased.size).toBeGreaterThan(0);
  expect(verdict.faults).toEqual([]);
  expect(fuzzed.faults).toEqual([]);
});
