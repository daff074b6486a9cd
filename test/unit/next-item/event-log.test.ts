// From events to sessions and item facts.
import { describe, expect, it } from "vitest";
import { priceBucket, SessionCollector } from "../../../models/next-item/data/event-log.ts";
import type { ItemEvent } from "../../../models/next-item/data/event-log.ts";

const MINUTE = 60_000;

function collect(events: Partial<ItemEvent>[], facts: [string, string][] = []) {
  const collector = new SessionCollector();
  for (const event of events) {
    collector.add({
      shopper: "s",
      session: null,
      item: "a",
      type: "view_item",
      timestamp: 0,
      ...event,
    });
  }
  const known = facts.map(
    ([id, category]) => [id, { category, brand: null, price: null }] as const,
  );
  return collector.finish(new Map(known));
}

describe("collecting sessions", () => {
  it("ends a session after a pause where the log has no sessions", () => {
    const { data, vocabulary } = collect([
      { item: "a", timestamp: 0 },
      { item: "b", timestamp: 29 * MINUTE },
      { item: "c", timestamp: 60 * MINUTE },
    ]);
    expect(vocabulary).toEqual(["a", "b", "c"]);
    expect(data.sessions.map(({ items }) => items)).toEqual([[0, 1], [2]]);
  });

  it("takes the log's own sessions however long they last", () => {
    const { data } = collect([
      { session: "x", item: "a" },
      { session: "y", item: "b" },
      { session: "x", item: "c", timestamp: 600 * MINUTE },
    ]);
    expect(data.sessions.map(({ items }) => items)).toEqual([[1], [0, 2]]);
  });

  it("orders sessions by their ends and keeps types and times", () => {
    const { data } = collect([
      { shopper: "long", type: "add_to_cart" },
      { shopper: "short", timestamp: 1 },
      { shopper: "long", timestamp: 2, type: "purchase" },
    ]);
    expect(data.sessions.map(({ types, times }) => [types, times])).toEqual([
      [[0], [1]],
      [
        [1, 2],
        [0, 2],
      ],
    ]);
  });

  it("gives items that were never clicked a place and their content", () => {
    const { data, vocabulary } = collect(
      [{ item: "a" }],
      [
        ["a", "shoes"],
        ["new", "lamps"],
      ],
    );
    expect(vocabulary).toEqual(["a", "new"]);
    expect(data.content?.[0]).toMatchObject({
      name: "category",
      values: 2,
      labels: ["shoes", "lamps"],
    });
    expect(Array.from(data.content?.[0]?.of ?? [])).toEqual([0, 1]);
  });

  it("leaves out a field that tells no items apart", () => {
    expect(collect([{ item: "a" }], [["a", "shoes"]]).data.content).toEqual([]);
  });

  it("puts prices into buckets that double every second one", () => {
    expect([0, 1, 3, 15, 1e9].map(priceBucket)).toEqual([0, 2, 4, 8, 31]);
  });
});
