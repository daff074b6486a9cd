// Click dropout leaves sessions in order and long enough, and fades out over the epochs.
import { expect, it } from "vitest";
import { Random } from "../../../models/graph/random.ts";
import { countReal, packEpoch } from "../../../models/next-item/train/epoch.ts";
import { thinSessions } from "../../../models/next-item/train/thinning.ts";
import { richShop, tinyConfig } from "./tiny-shop.ts";

it("leaves out about the share asked for, types and times alongside", () => {
  const long = {
    items: Array.from({ length: 5000 }, (_, i) => i),
    types: Array.from({ length: 5000 }, (_, i) => i % 3),
  };
  const [thinned] = thinSessions([long], 0.2, new Random(1));
  expect(Math.abs((thinned?.items.length ?? 0) / 5000 - 0.8)).toBeLessThan(0.03);
  expect(thinned?.types).toEqual(thinned?.items.map((item) => item % 3));
  expect(thinned?.items).toEqual(thinned?.items.toSorted((a, b) => a - b));
});

it("never leaves a session of two or more with fewer than two", () => {
  for (const { items } of thinSessions(richShop().sessions, 0.9, new Random(2))) {
    expect(items.length).toBeGreaterThanOrEqual(2);
  }
});

it("lets the last epoch see every click", () => {
  const { sessions } = richShop();
  const config = tinyConfig({ clickDropout: 0.5, recency: 0 });
  const all = sessions.reduce((sum, { items }) => sum + items.length - 1, 0);
  const [first = 0, last] = [0, 3].map((epoch) => countReal(packEpoch(sessions, config, epoch, 4)));
  expect(first).toBeLessThan(0.8 * all);
  expect(last).toBe(all);
});
