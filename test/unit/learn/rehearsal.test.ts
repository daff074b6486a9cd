// What a round makes of the export: the events that the folds took, and questions as the Worker is asked them.
import { expect, it } from "vitest";
import type { ShopEvent } from "../../../durable/state/event.ts";
import { cleanRows } from "../../../src/batch/clean/clean.ts";
import type { EventRow } from "../../../src/batch/clean/event.ts";
import { compareDays } from "../../../src/lab/loop/compare-days.ts";
import type { ExportedLog } from "../../../src/learn/read-exports.ts";
import type { LoggedEvent } from "../../../src/learn/to-event.ts";
import { rehearse } from "../../../src/learn/rehearse.ts";
import { NO_FILES, openSide } from "../../../src/learn/serving-side.ts";
import { toEvent } from "../../../src/learn/to-event.ts";
import type { Runtime } from "../../../models/runtime/runtime.ts";
import { EVENT_COLUMNS, toEventRows } from "../../../src/log/event-rows.ts";
import { changedItem } from "../../support/changed-item.ts";
import { makeEvent as makeShopEvent, makeLine } from "../../support/records.ts";

const START = Date.UTC(2026, 0, 10);
const NOWHERE = { country: null, device: null, referrer: null };
const noRuntime: Runtime = {
  name: "node",
  cores: 1,
  load: () => Promise.reject(new Error("no model is loaded here")),
};

function makeEvent(change: Partial<ShopEvent> = {}): ShopEvent {
  return makeShopEvent({ timestamp: START, items: [makeLine("boot")], ...change });
}

/** As D1 has them. */
function toRows(event: ShopEvent): EventRow[] {
  const consent = { analytics: true, personalization: true };
  const context = { ...NOWHERE, page: null };
  const entry = { shopper: "ann", linked_from: null, event, consent, context, received_at: START };
  return toEventRows(entry).map((cells, index) => {
    const named = Object.fromEntries(EVENT_COLUMNS.map((column, at) => [column, cells[at]]));
    const row: EventRow = JSON.parse(JSON.stringify({ ...named, seq: index + 1 }));
    return row;
  });
}

it("gives back the event that was logged, without what cleaning filled in", () => {
  const known = new Map([["boot", { category: "shoes", brand: "acme", price: 100 }]]);
  const event = makeEvent({
    name: "purchase",
    items: [makeLine("boot", { quantity: 2, index: 3 }), makeLine("sock", { price: 5 })],
  });
  const { kept } = cleanRows(toRows(event), new Map(), known);
  expect(kept[0]).toMatchObject({ price: 100, price_filled: true, category: "shoes" });
  expect(toEvent(kept.toReversed())).toMatchObject({ shopper: "ann", event });
});

/** Shoppers who look at one item after the other, a minute apart. */
function makeLog(views: readonly [shopper: string, item: number][]): ExportedLog {
  const vocabulary = ["boot", "sock", "lace"];
  const events = views.map(([shopper, item], minute): LoggedEvent => {
    const [line] = makeEvent().items;
    const items = line === undefined ? [] : [{ ...line, item_id: vocabulary[item] ?? "" }];
    const timestamp = START + minute * 60_000;
    const event = makeEvent({ event_id: `e${minute}`, timestamp, items });
    return { shopper, linked_from: null, personalization: true, event, visit: NOWHERE };
  });
  const catalogue = vocabulary.map((item_id, index) =>
    changedItem(item_id, index + 1, { price: 100, created_at: START }),
  );
  const data = { sessions: [], items: vocabulary.length };
  return {
    events,
    data,
    vocabulary,
    catalogue,
    items: new Map(),
    ordinals: new Map(),
    minorUnits: 100,
  };
}

it("asks from the cut on, about shoppers who were there before, with what they did until then", async () => {
  const log = makeLog([
    ["ann", 0],
    ["ann", 1],
    ["bob", 0],
    ["ann", 2],
    ["bob", 1],
    ["cid", 0],
  ]);
  const opened = await openSide(log, NO_FILES, noRuntime);
  if (!opened.ok) throw new Error(opened.reason);
  const { examples, judgements } = await rehearse(log, START + 120_000, [opened.value]);
  expect(examples).toEqual([
    { context: [0, 1], target: 2, group: 0 },
    { context: [0], target: 1, group: 1 },
  ]);
  // The others went from the boot to the sock: what is live knows it, without any model.
  const [judgement] = judgements;
  expect(judgement?.ranks).toHaveLength(2);
  expect(judgement?.ranks[1]).toBeLessThanOrEqual(3);
  expect(judgement?.name).toBe("no model");
});

it("compares the runs question by question, and only where these are the same", () => {
  const shoppers = Array.from({ length: 400 }, (_, i) => `s${i % 40}`);
  const better = [{ shoppers, gains: shoppers.map((_, i) => (i % 2 === 0 ? 1 : 0)) }];
  const worse = [{ shoppers, gains: shoppers.map((_, i) => (i % 4 === 0 ? 1 : 0)) }];
  const { difference, interval } = compareDays(better, worse, "hr@20", 1);
  expect(difference).toBeCloseTo(25);
  expect(interval.low).toBeGreaterThan(0);
  const others = [{ ...worse[0], shoppers: shoppers.toReversed(), gains: [] }];
  expect(() => compareDays(better, others, "hr@20", 1)).toThrow("same questions");
});
