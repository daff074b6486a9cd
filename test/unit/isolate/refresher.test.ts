import { expect, it } from "vitest";
import { Refresher, withinBudget } from "../../../src/isolate/refresher.ts";

const OPTIONS = { every: 10, staleAfter: 50, lostAfter: 100 };

/** A load that ends when the test says so. */
function hold() {
  const loads: PromiseWithResolvers<void>[] = [];
  const load = () => {
    const held = Promise.withResolvers<void>();
    loads.push(held);
    return held.promise;
  };
  return { loads, refresher: new Refresher(OPTIONS, load) };
}

const ignore = () => undefined;

it("loads once for many that ask, and again only when it is due", async () => {
  const { loads, refresher } = hold();
  refresher.touch(0, ignore);
  refresher.touch(5, ignore);
  refresher.touch(20, ignore);
  expect(loads).toHaveLength(1);
  loads[0]?.resolve();
  expect(await refresher.settle(0, 1000)).toBe("fresh");
  refresher.touch(20, ignore);
  expect(loads).toHaveLength(2);
});

it("does not make anybody wait while what it has is fresh enough", async () => {
  const { loads, refresher } = hold();
  refresher.touch(0, ignore);
  loads[0]?.resolve();
  await refresher.settle(0, 1000);
  refresher.touch(30, ignore);
  expect(await refresher.settle(30, 1_000_000)).toBe("fresh");
});

it("waits no longer than the budget where there is nothing yet", async () => {
  const { refresher } = hold();
  refresher.touch(0, ignore);
  expect(await refresher.settle(0, 5)).toBe("missing");
});

it("goes on with what it has when a load fails, tells why, and calls it stale in the end", async () => {
  const { loads, refresher } = hold();
  refresher.touch(0, ignore);
  loads[0]?.resolve();
  await refresher.settle(0, 1000);
  refresher.touch(60, ignore);
  loads[1]?.reject(new Error("D1 is away"));
  expect(await refresher.settle(60, 1000)).toBe("stale");
  expect(refresher.lastError).toBe("D1 is away");
});

it("starts anew after a load that was cut off with its request", () => {
  const { loads, refresher } = hold();
  refresher.touch(0, ignore);
  refresher.touch(99, ignore);
  expect(loads).toHaveLength(1);
  refresher.touch(100, ignore);
  expect(loads).toHaveLength(2);
});

it("makes nobody wait for a load that others have waited for long enough, nor for the next one", async () => {
  const { loads, refresher } = hold();
  refresher.touch(0, ignore);
  loads[0]?.resolve();
  await refresher.settle(0, 1000);
  // The second load hangs. Who comes while it is young waits for what is left of its budget.
  refresher.touch(60, ignore);
  expect(await refresher.settle(62, 5)).toBe("stale");
  const forever = 1_000_000;
  expect(await refresher.settle(64, forever)).toBe("stale");
  // It is given up, and the third hangs too: that it is slow is known by now.
  refresher.touch(160, ignore);
  expect(refresher.lastError).toMatch(/no answer within 100 ms/);
  expect(await refresher.settle(160, forever)).toBe("stale");
  // One that comes in time is waited for again.
  loads[2]?.resolve();
  await Promise.resolve();
  refresher.touch(170, ignore);
  loads[3]?.resolve();
  await Promise.resolve();
  refresher.touch(400, ignore);
  loads[4]?.resolve();
  expect(await refresher.settle(400, forever)).toBe("fresh");
});

it("passes on what comes within the budget", async () => {
  expect(await withinBudget(Promise.resolve(7), 1000)).toBe(7);
  expect(await withinBudget(new Promise(() => undefined), 1)).toBe(undefined);
  await expect(withinBudget(Promise.reject(new Error("no")), 1000)).rejects.toThrow("no");
});
