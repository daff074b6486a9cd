// Epochs begin with all sessions and end with mostly new ones; negatives are expected as those sessions show them.
import { expect, it } from "vitest";
import { packEpoch } from "../../../models/next-item/train/epoch.ts";
import { countClicks } from "../../../models/next-item/train/negatives.ts";
import { recencyIn } from "../../../models/next-item/train/recency.ts";
import { tinyConfig } from "./tiny-shop.ts";

const SESSIONS = 2000;
/** Each session has items of its own, so that a packed item tells which session it came from. */
const sessions = Array.from({ length: SESSIONS }, (_, i) => ({ items: [2 * i, 2 * i + 1] }));
const config = tinyConfig({ recency: 3, clickDropout: 0 });

/** Sessions that an epoch of 5 shows, by tenth of the log, oldest first. */
function shownByTenth(epoch: number): number[] {
  const tenths = Array.from({ length: 10 }, () => 0);
  for (const item of packEpoch(sessions, config, epoch, 5).item) {
    if (item < 0) continue;
    const tenth = Math.floor((10 * item) / (2 * SESSIONS));
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  return tenths;
}

it("shows every session in the first epoch", () => {
  expect(shownByTenth(0)).toEqual(Array.from({ length: 10 }, () => SESSIONS / 10));
});

it("shows the oldest sessions e^-recency as often as the newest in the last epoch", () => {
  const last = shownByTenth(4);
  const [oldest = 0, newest = 0] = [last[0], last[9]];
  // The tenth's mean age is 0.95 and 0.05 of the log.
  expect(Math.abs(oldest / newest - Math.exp(-3 * 0.9))).toBeLessThan(0.03);
  expect(newest).toBeGreaterThan(0.8 * (SESSIONS / 10));
});

it("shows other old sessions in each epoch", () => {
  const ofEpoch = (epoch: number) => new Set(packEpoch(sessions, config, epoch, 5).item);
  const [third, fourth] = [ofEpoch(3), ofEpoch(4)];
  expect([...fourth].some((item) => !third.has(item))).toBe(true);
});

it("expects each item as often as an epoch shows it, on average", () => {
  const recency = recencyIn(4, 5, config.recency);
  const expected = countClicks(sessions, 2 * SESSIONS, recency).reduce((sum, n) => sum + n, 0) / 2;
  const shown = shownByTenth(4).reduce((sum, n) => sum + n, 0);
  expect(Math.abs(shown / expected - 1)).toBeLessThan(0.08);
});

it("learns from what there is where the newest session is a single click", () => {
  const few = [{ items: [0, 1] }, { items: [2] }];
  const steep = tinyConfig({ recency: 50, clickDropout: 0 });
  expect(packEpoch(few, steep, 4, 5).rows).toBeGreaterThan(0);
});
