// From events to sessions and item facts.
import { describe, expect, it } from "vitest";
import { priceBucket, SessionCollector } from "../../../models/next-item/data/event-log.ts";
import type { LogEvent } from "../../../models/next-item/data/event-log.ts";

const MINUTE = 60_000;

function collect(
  events: (Partial<LogEvent> & { item?: string })[],
  facts: [string, string][] = [],
) {
  const collector = new SessionCollector();
  for (const { item, ...event } of events) {
    collector.add({
      shopper: "s",
      session_id: null,
      name: "view_item",
      timestamp: 0,
      items: [{ item_id: item ?? "a" }],
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
      { session_id: "x", item: "a" },
      { session_id: "y", item: "b" },
      { session_id: "x", item: "c", timestamp: 600 * MINUTE },
    ]);
    expect(data.sessions.map(({ items }) => items)).toEqual([[1], [0, 2]]);
  });

  it("keeps apart shoppers who have the same session id", () => {
    const { data } = collect([
      { session_id: "x", shopper: "ann", item: "a" },
      { session_id: "x", shopper: "bob", item: "b", timestamp: 1 },
      { session_id: "x", shopper: "ann", item: "c", timestamp: 2 },
    ]);
    expect(data.sessions.map(({ items }) => items)).toEqual([[1], [0, 2]]);
  });

  it("goes on with a session over what models do not read, and says which events it was made of", () => {
    const { data, ordinals } = collect([
      { item: "a" },
      { name: "search", items: [], timestamp: 20 * MINUTE },
      { shopper: "other", item: "b", timestamp: 21 * MINUTE },
      { items: [{ item_id: "c" }, { item_id: "d" }], timestamp: 40 * MINUTE },
      { name: "identify", items: [], timestamp: 41 * MINUTE, shopper: "user", linked_from: "s" },
      { shopper: "user", item: "e", timestamp: 42 * MINUTE },
    ]);
    expect(data.sessions.map((session) => [session.items, ordinals.get(session)])).toEqual([
      [[1], [2]],
      [
        [0, 2, 3, 4],
        [0, 3, 3, 5],
      ],
    ]);
  });

  it("orders sessions by their ends and keeps types and times", () => {
    const { data } = collect([
      { shopper: "long", name: "add_to_cart" },
      { shopper: "short", timestamp: 1 },
      { shopper: "long", timestamp: 2, name: "purchase" },
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
