import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ShownBuffer } from "../../../src/isolate/shown-lists.ts";
import type { ShownList } from "../../../src/isolate/shown-lists.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function makeList(recommendation_id: string, count: number): ShownList {
  return {
    recommendation_id,
    first: 0,
    shopper: "s",
    surface: "home",
    timestamp: 0,
    experiment: null,
    items: Array.from({ length: count }, (_, index) => `item-${index}`),
    origins: Array.from({ length: count }, () => ["next_item", 1, 0]),
    arms: [[null, null]],
  };
}

/** A buffer, of what it sends the items of each list, and the work that requests carry on after their answers. */
function open() {
  const sent: number[][] = [];
  const carried: Promise<unknown>[] = [];
  let isOpen = true;
  const buffer = new ShownBuffer((lists) => {
    if (!isOpen) return Promise.reject(new Error("the queue is full"));
    sent.push(lists.map(({ items }) => items.length));
    return Promise.resolve();
  });
  const carry = (work: Promise<unknown>) => void carried.push(work);
  return { buffer, sent, carried, carry, close: (shut: boolean) => void (isOpen = !shut) };
}

it("hands on what came within a second together, and much at once, with one wait at a time", async () => {
  const { buffer, sent, carried, carry } = open();
  for (let list = 0; list < 24; list++) buffer.add(makeList(`r${list}`, 100), list, carry);
  const full = Array.from({ length: 10 }, () => 100);
  expect(sent).toEqual([full, full]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual([full, full, full.slice(0, 4)]);
  // Two full messages and one wait.
  expect(carried).toHaveLength(3);
  buffer.add(makeList("later", 20), 2000, carry);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent.at(-1)).toEqual([20]);
});

it("waits anew where the request that waited was cut off", async () => {
  const { buffer, sent, carry } = open();
  buffer.add(makeList("a", 20), 0, carry);
  vi.clearAllTimers();
  buffer.add(makeList("b", 20), 29_000, carry);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual([]);
  buffer.add(makeList("c", 20), 30_000, carry);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent).toEqual([[20, 20, 20]]);
});

it("keeps what a queue did not take for the next list, up to a bound", async () => {
  const told = vi.spyOn(console, "error").mockReturnValue();
  const { buffer, sent, carry, close } = open();
  close(true);
  for (let list = 0; list < 250; list++) {
    buffer.add(makeList(`r${list}`, 100), list, carry);
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(String(told.mock.lastCall)).toContain('"lost":1');
  close(false);
  buffer.add(makeList("next", 1), 300, carry);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.map((lists) => lists.length)).toEqual([201]);
  told.mockRestore();
});
