import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ImpressionBuffer } from "../../../src/recommend/impressions.ts";
import type { ImpressionRow } from "../../../src/recommend/impressions.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function makeRows(list: string, count: number): ImpressionRow[] {
  return Array.from({ length: count }, (_, position) => ({
    recommendation_id: list,
    position,
    item_id: `item-${position}`,
    shopper: "s",
    surface: "home",
    model_version: null,
    source: "next_item",
    score: 1,
    timestamp: 0,
    experiment: null,
    variant: null,
  }));
}

/** A buffer, the sizes of what it sends, and the work that requests carry on after their answers. */
function open() {
  const sent: number[] = [];
  const carried: Promise<unknown>[] = [];
  const buffer = new ImpressionBuffer((rows) => {
    sent.push(rows.length);
    return Promise.resolve();
  });
  return { buffer, sent, carried, carry: (work: Promise<unknown>) => void carried.push(work) };
}

it("hands on what came within a second together, and a full message at once, with one wait at a time", async () => {
  const { buffer, sent, carried, carry } = open();
  for (let list = 0; list < 14; list++) buffer.add(makeRows(`r${list}`, 20), list, carry);
  expect(sent).toEqual([120, 120]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual([120, 120, 40]);
  // Two full messages and one wait.
  expect(carried).toHaveLength(3);
  buffer.add(makeRows("later", 20), 2000, carry);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual([120, 120, 40, 20]);
});

it("waits anew where the request that waited was cut off", async () => {
  const { buffer, sent, carry } = open();
  buffer.add(makeRows("a", 20), 0, carry);
  vi.clearAllTimers();
  buffer.add(makeRows("b", 20), 29_000, carry);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual([]);
  buffer.add(makeRows("c", 20), 30_000, carry);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual([60]);
});
