import { expect, it } from "vitest";
import type { ListReader } from "../../../models/ranking/features/list-reader.ts";
import { createSources } from "../../../models/ranking/features/sources.ts";
import type { LiveIndex } from "../../../src/live/live-index.ts";
import { openReader } from "../../../src/recommend/rank/stage-reader.ts";
import { makeShop, NOW } from "./small-shop.ts";

const LOG_SIZE = { sessions: 500, clicks: 5000, span: 1e8 };
const NAMES = createSources(LOG_SIZE).map(({ name }) => name);
const MODEL = { sources: { names: NAMES, encoders: 0, shopper: false }, logSize: LOG_SIZE };
const VECTORS = { dim: 2, read: (item: number, out: Float64Array) => void out.fill(item % 3) };
const yieldToRequests = () => Promise.resolve();

function observeMore(live: LiveIndex): void {
  live.observe(
    Array.from({ length: 90 }, (_, i) => ({
      seq: live.cursor + 1 + i,
      shopper: `late-${Math.floor(i / 3)}`,
      event_id: `late-${i}`,
      name: "view_item",
      timestamp: NOW + i,
      session_id: `late-${Math.floor(i / 3)}`,
      linked_from: null,
      transaction_id: null,
      item_variant: null,
      item_id: `item-${(i * 11) % 60}`,
      country: null,
      device: null,
      referrer: null,
    })),
  );
}

function readAll(reader: ListReader) {
  return [[0], [3, 7], [9, 1, 9]].map((session) => {
    const { list, features } = reader.read({ session }, []);
    return {
      items: list.items.slice(0, list.count),
      features: features.slice(0, list.count * reader.width),
    };
  });
}

it("shares with a peer what does not depend on the size of the log, and reads the same", async () => {
  const { live } = makeShop();
  const first = await openReader(MODEL, VECTORS, { live, yieldToRequests });
  live.follow(first.learners);
  observeMore(live);
  const larger = { ...MODEL, logSize: { ...LOG_SIZE, span: 2e8 } };
  const sharing = await openReader(larger, VECTORS, { live, peer: first, yieldToRequests });
  const alone = await openReader(larger, VECTORS, { live, yieldToRequests });
  live.follow(sharing.learners);
  live.follow(alone.learners);
  const shared = sharing.learners.filter((learner) => first.learners.includes(learner));
  expect(shared.length).toBe(5);
  observeMore(live);
  expect(readAll(sharing)).toEqual(readAll(alone));
});

it("learns for itself where the peer goes while it learns", async () => {
  const { live } = makeShop();
  const first = await openReader(MODEL, VECTORS, { live, yieldToRequests });
  live.follow(first.learners);
  let turns = 0;
  const leave = () => {
    if (turns++ === 0) live.followOnly(new Set());
    if (turns === 2) observeMore(live);
    return Promise.resolve();
  };
  const reader = await openReader(MODEL, VECTORS, { live, peer: first, yieldToRequests: leave });
  expect(reader.learners.some((learner) => first.learners.includes(learner))).toBe(false);
  expect(readAll(reader)).toEqual(
    readAll(await openReader(MODEL, VECTORS, { live, yieldToRequests })),
  );
});
