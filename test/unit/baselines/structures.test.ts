// The bounded structures under the retrievers, each against the plain way to do the same.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ClickRing } from "../../../models/baselines/click-ring.ts";
import { ForwardDecay } from "../../../models/baselines/forward-decay.ts";
import { NeighbourLists } from "../../../models/baselines/neighbour-lists.ts";
import { OpenSessions } from "../../../models/baselines/open-sessions.ts";
import { selectBest } from "../../../models/baselines/select-best.ts";
import { SparseScores } from "../../../models/baselines/sparse-scores.ts";

it("selectBest finds what sorting would find", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer()), fc.nat(20), (ids, k) => {
      const array = Int32Array.from(ids);
      const size = selectBest(array, ids.length, k, (a, b) => a > b);
      const sorted = Int32Array.from(ids).sort((a, b) => b - a);
      expect([...array.subarray(0, size)]).toEqual([...sorted.subarray(0, k)]);
      expect(array.toSorted()).toEqual(sorted.toSorted());
    }),
  );
});

it("SparseScores adds up like a Map and forgets on clear", () => {
  const scores = new SparseScores();
  const additions = fc.array(fc.tuple(fc.nat(300), fc.integer({ min: -5, max: 5 })));
  fc.assert(
    fc.property(additions, (pairs) => {
      scores.clear();
      const sums = new Map<number, number>();
      for (const [id, score] of pairs) {
        expect(scores.add(id, score)).toBe(!sums.has(id));
        sums.set(id, (sums.get(id) ?? 0) + score);
      }
      const expected = [...sums]
        .map(([item, score]) => ({ item, score }))
        .sort((a, b) => b.score - a.score || a.item - b.item);
      expect(scores.toCandidates(1000)).toEqual(expected);
    }),
  );
});

describe("NeighbourLists", () => {
  it("keeps all neighbours while there is room, heaviest first", () => {
    const pairs = fc.array(fc.tuple(fc.nat(5), fc.nat(30), fc.integer({ min: 1, max: 4 })));
    fc.assert(
      fc.property(pairs, (added) => {
        const lists = new NeighbourLists(40);
        const sums = new Map<number, Map<number, number>>();
        for (const [from, to, weight] of added) {
          lists.add(from, to, weight);
          const row = sums.get(from) ?? new Map<number, number>();
          sums.set(from, row.set(to, (row.get(to) ?? 0) + weight));
        }
        for (let from = 0; from < 6; from++) {
          const found: [number, number][] = [];
          lists.visit(from, (to, weight) => found.push([to, weight]));
          const row = sums.get(from) ?? new Map<number, number>();
          expect(new Map(found)).toEqual(row);
          expect(found.map(([, weight]) => weight)).toEqual(
            [...row.values()].sort((a, b) => b - a),
          );
          expect(lists.totalOf(from)).toBe(
            [...row.values()].reduce((sum, weight) => sum + weight, 0),
          );
        }
      }),
    );
  });

  it("gives up the lightest neighbour for a newcomer", () => {
    const lists = new NeighbourLists(2);
    for (const to of [1, 1, 2, 3]) lists.add(0, to, 1);
    const found: number[] = [];
    lists.visit(0, (to) => found.push(to));
    expect(found).toEqual([1, 3]);
  });

  it("holds no more than it may of all items together, and gives up the light ones of long lists", () => {
    const pairs = fc.array(fc.tuple(fc.nat(9), fc.nat(200)), { minLength: 300, maxLength: 900 });
    fc.assert(
      fc.property(pairs, (added) => {
        const [limit, most] = [16, 96];
        const lists = new NeighbourLists(limit, most);
        for (let from = 0; from < 10; from++) lists.add(from, 500, 1000);
        for (const [from, to] of added) lists.add(from, to, 1);
        let all = 0;
        for (let from = 0; from < 10; from++) {
          const found: [number, number][] = [];
          lists.visit(from, (to, weight) => found.push([to, weight]));
          all += found.length;
          expect(found[0]).toEqual([500, 1000]);
          expect(found).toEqual(found.toSorted(([, a], [, b]) => b - a));
          const own = added.filter((pair) => pair[0] === from);
          expect(lists.totalOf(from)).toBe(1000 + own.length);
          for (const [to, weight] of found.slice(1)) {
            expect(weight).toBeLessThanOrEqual(own.filter((pair) => pair[1] === to).length);
          }
        }
        expect(all).toBeLessThanOrEqual(most);
      }),
    );
  });

  it("grows where even one neighbour an item is too many", () => {
    const lists = new NeighbourLists(4, 16);
    for (let from = 0; from < 100; from++) lists.add(from, from + 1, 1);
    for (let from = 0; from < 100; from++) {
      const found: number[] = [];
      lists.visit(from, (to) => found.push(to));
      expect(found).toEqual([from + 1]);
    }
  });
});

it("OpenSessions forgets the least recently active and recycles its state", () => {
  const sessions = new OpenSessions<{ name: string }>(2, (old) => ({ name: old?.name ?? "new" }));
  sessions.open("a").name = "A";
  sessions.open("b").name = "B";
  sessions.open("a");
  expect(sessions.open("c").name).toBe("B");
  expect(sessions.open("a").name).toBe("A");
  expect(sessions.size).toBe(2);
});

it("ForwardDecay halves after each half-life, also across a rescaling", () => {
  let sum = 0;
  const decay = new ForwardDecay(10, (factor) => (sum *= factor));
  for (let time = 0; time <= 2000; time += 10) {
    const weight = decay.weigh(time);
    sum += weight;
  }
  expect(sum / decay.weigh(2000)).toBeCloseTo(2, 9);
});

describe("ClickRing", () => {
  type Kept = { session: number; item: number };

  /** The sessions with the item, newest first, each with its items, newest first. */
  function readNeighbours(ring: ClickRing, item: number): number[][] {
    const [slots, items] = [new Int32Array(100), new Int32Array(100)];
    const found = slots.subarray(0, ring.findSessions(item, slots));
    return Array.from(found, (slot) =>
      Array.from(items.subarray(0, ring.readSession(slot, items))),
    );
  }

  /** What a ring that holds `maxClicks` clicks should know, kept the plain way. */
  function readPlainly(clicks: readonly Kept[], maxClicks: number) {
    const alive = clicks.slice(-maxClicks).toReversed();
    return {
      sessionsWith: (item: number) =>
        new Set(alive.filter((click) => click.item === item).map(({ session }) => session)).size,
      neighbours: (item: number) => {
        const sessions = alive.filter((click) => click.item === item).map(({ session }) => session);
        return [...new Set(sessions)].map((session) =>
          alive.filter((click) => click.session === session).map((click) => click.item),
        );
      },
    };
  }

  it("finds the sessions of an item and their items as a plain list of the last clicks would", () => {
    const clicks = fc.array(fc.record({ session: fc.nat(6), item: fc.nat(5) }), { maxLength: 80 });
    fc.assert(
      fc.property(clicks, fc.integer({ min: 1, max: 30 }), (history, maxClicks) => {
        const ring = new ClickRing({ maxClicks, maxSessions: 100, maxOpenSessions: 100 });
        for (const { session, item } of history) ring.append(session, item);
        const plain = readPlainly(history, maxClicks);
        for (let item = 0; item < 6; item++) {
          const sessions = readNeighbours(ring, item);
          expect(sessions).toEqual(plain.neighbours(item));
        }
      }),
    );
  });

  it("gives up the oldest session when there are too many, and never mixes two", () => {
    const ring = new ClickRing({ maxClicks: 100, maxSessions: 2, maxOpenSessions: 10 });
    for (const [session, item] of [
      ["a", 1],
      ["a", 2],
      ["b", 1],
      ["c", 1],
      ["a", 3],
    ] as const) {
      ring.append(session, item);
    }
    const sessions = readNeighbours(ring, 1);
    expect(sessions).toEqual([[1]]);
    expect(readNeighbours(ring, 2)).toEqual([]);
    expect(readNeighbours(ring, 3)).toEqual([[3]]);
    expect(ring.sessions).toBe(2);
  });

  it("counts an item once a session, and no longer when its clicks have gone", () => {
    const ring = new ClickRing({ maxClicks: 4, maxSessions: 10, maxOpenSessions: 10 });
    for (const session of [1, 1, 2]) ring.append(session, 7);
    expect(ring.sessionsWith(7)).toBe(2);
    for (let item = 0; item < 4; item++) ring.append(9, item);
    expect(ring.sessionsWith(7)).toBe(0);
  });
});
