// Interleavings of all that can happen around a reminder: none is sent that should not be, and each guard is needed.
// The million is `npm run reminders:torture`.
import { describe, expect, it } from "vitest";
import { GUARDS, GUARD_NAMES, type GuardName } from "../../../durable/state/reminders/guards.ts";
import type { Harm } from "../../../src/lab/remind/world.ts";
import { torture } from "../../../src/lab/remind/torture.ts";

/** What each guard keeps from happening. */
const HARM_WITHOUT: Record<GuardName, Harm> = {
  bought: "after_purchase",
  changed: "of_another_cart",
  consent: "without_consent",
  settled: "doubled",
  doubled: "doubled",
  cap: "over_cap",
  quiet_hours: "in_quiet_hours",
  hold_out: "to_hold_out",
};

describe("reminders", () => {
  it("are never sent when they should not be, whatever happens in which order", () => {
    const { harms, posts } = torture(3_000);
    expect(harms).toEqual({});
    expect(posts).toBeGreaterThan(1_000);
  });

  it("have their guards all listed", () => {
    expect([...GUARD_NAMES].sort()).toEqual(Object.keys(GUARDS).sort());
  });

  it.each(GUARD_NAMES)("do harm without the guard %s", (name) => {
    const { harms } = torture(3_000, 1, { ...GUARDS, [name]: () => null });
    expect(harms[HARM_WITHOUT[name]] ?? 0).toBeGreaterThan(0);
  });
});
