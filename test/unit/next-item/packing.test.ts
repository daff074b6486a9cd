// Packing keeps every click once, in order, and fills rows well.
import { array, assert, nat, property } from "fast-check";
import { describe, expect, it } from "vitest";
import type { SessionSequence } from "../../../models/next-item/data/dataset.ts";
import { packSessions, takeRows } from "../../../models/next-item/data/packing.ts";
import type { PackedRows } from "../../../models/next-item/data/packing.ts";
import { circularShop } from "./tiny-shop.ts";

const LENGTH = 5;

/** The (item, target) pairs of each segment, in order. */
function unpack(rows: PackedRows): Map<number, [number, number][]> {
  const segments = new Map<number, [number, number][]>();
  for (let slot = 0; slot < rows.item.length; slot++) {
    const segment = rows.segment[slot] ?? -1;
    if (segment < 0) continue;
    const pairs = segments.get(segment) ?? [];
    expect(rows.position[slot]).toBe(pairs.length);
    pairs.push([rows.item[slot] ?? -1, rows.target[slot] ?? -1]);
    segments.set(segment, pairs);
  }
  return new Map([...segments].toSorted(([a], [b]) => a - b));
}

/** Every consecutive pair of a session, cut into pieces of a row's length. */
function piecesOf({ items }: SessionSequence): [number, number][][] {
  const pairs = items.slice(1).map((next, i): [number, number] => [items[i] ?? -1, next]);
  return Array.from({ length: Math.ceil(pairs.length / LENGTH) }, (_, i) =>
    pairs.slice(i * LENGTH, (i + 1) * LENGTH),
  );
}

const sessionLists = array(array(nat(30), { maxLength: 14 }), {
  minLength: 1,
  maxLength: 40,
});

describe("packing", () => {
  it("keeps every pair of clicks exactly once, piece by piece", () => {
    assert(
      property(sessionLists, (lists) => {
        const sessions = lists.map((items) => ({ items }));
        const found = [...unpack(packSessions(sessions, LENGTH)).values()];
        expect(found).toEqual(sessions.flatMap(piecesOf));
      }),
    );
  });

  it("wastes few slots", () => {
    const { sessions } = circularShop({ sessions: 500 });
    const rows = packSessions(sessions, 40);
    const used = rows.target.reduce((count, item) => count + (item >= 0 ? 1 : 0), 0);
    expect(used / rows.target.length).toBeGreaterThan(0.95);
  });

  it("carries types and gaps along, and marks what is unknown", () => {
    const sessions = [
      { items: [1, 2, 3], types: [0, 2, 1], times: [0, 3000, 3000] },
      { items: [4, 5] },
    ];
    const rows = packSessions(sessions, LENGTH);
    expect(Array.from(rows.type.subarray(0, 3))).toEqual([0, 2, -1]);
    expect(Array.from(rows.gap.subarray(0, 3))).toEqual([0, 3, -1]);
  });

  it("copies rows in the order asked for, and empty ones for -1", () => {
    const rows = packSessions([{ items: [1, 2] }, { items: [3, 4, 5, 6, 7, 8] }], LENGTH);
    const taken = takeRows(rows, Int32Array.of(1, -1, 0));
    expect(taken.item[0]).toBe(3);
    expect(new Set(taken.segment.subarray(LENGTH, 2 * LENGTH))).toEqual(new Set([-1]));
    expect(taken.item[2 * LENGTH]).toBe(1);
  });
});
