// The simulated shop: reproducible, ordered, and with a structure that a model can learn.
import { describe, expect, it } from "vitest";
import { simulateShop } from "../../../src/lab/simulate/shop.ts";
import type { WireEvent } from "../../../src/lab/simulate/wire.ts";

const UNTIL = Date.UTC(2026, 10, 1);
const shop = simulateShop({ seed: 7, shoppers: 400, days: 30, until: UNTIL });

/** Looks of each session, oldest first. */
function looksBySession(events: readonly WireEvent[]): string[][] {
  const sessions = new Map<string, string[]>();
  for (const { name, session_id, items } of events) {
    const [line] = items ?? [];
    if (name !== "view_item" || session_id === undefined || line === undefined) continue;
    const looks = sessions.get(session_id) ?? [];
    sessions.set(session_id, [...looks, line.item_id]);
  }
  return [...sessions.values()];
}

function topOf(counts: ReadonlyMap<string, number>, size: number): string[] {
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, size)
    .map(([item]) => item);
}

function count(counts: Map<string, number>, item: string): void {
  counts.set(item, (counts.get(item) ?? 0) + 1);
}

describe("the simulated shop", () => {
  it("is the same for the same seed, and another for another", () => {
    const options = { shoppers: 20, days: 10, until: UNTIL };
    expect(simulateShop({ seed: 1, ...options })).toEqual(simulateShop({ seed: 1, ...options }));
    expect(simulateShop({ seed: 2, ...options })).not.toEqual(
      simulateShop({ seed: 1, ...options }),
    );
  });

  it("tells events in event order, with unique ids, none after the end", () => {
    const times = shop.events.map((event) => event.timestamp);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(UNTIL);
    expect(new Set(shop.events.map((event) => event.event_id)).size).toBe(shop.events.length);
  });

  it("mentions only items of its catalogue", () => {
    const known = new Set(shop.catalogue.map((item) => item.item_id));
    const mentioned = shop.events.flatMap((event) => event.items ?? []);
    expect(mentioned.filter((line) => !known.has(line.item_id))).toEqual([]);
  });

  it("narrows from looks to orders, and some shoppers log in", () => {
    const by = Map.groupBy(shop.events, (event) => event.name);
    const sizes = (
      ["view_item", "add_to_cart", "begin_checkout", "purchase", "refund"] as const
    ).map((name) => by.get(name)?.length ?? 0);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(sizes.at(-1)).toBeGreaterThan(0);
    expect(by.get("identify")?.every((event) => event.user_id !== undefined)).toBe(true);
  });

  it("lets the last look say more about the next one than popularity does", () => {
    const sessions = looksBySession(shop.events);
    const past = sessions.slice(0, Math.floor(sessions.length * 0.9));
    const popular = new Map<string, number>();
    const after = new Map<string, Map<string, number>>();
    for (const looks of past) {
      for (const [index, item] of looks.entries()) {
        count(popular, item);
        const next = looks[index + 1];
        if (next === undefined) continue;
        const followers = after.get(item) ?? new Map<string, number>();
        count(followers, next);
        after.set(item, followers);
      }
    }
    const bestsellers = topOf(popular, 20);
    let [byPopularity, byLastLook] = [0, 0];
    for (const looks of sessions.slice(past.length)) {
      for (const [index, item] of looks.entries()) {
        const next = looks[index + 1];
        if (next === undefined) continue;
        if (bestsellers.includes(next)) byPopularity += 1;
        if (topOf(after.get(item) ?? new Map(), 20).includes(next)) byLastLook += 1;
      }
    }
    expect(byLastLook).toBeGreaterThan(2 * byPopularity);
  });
});
