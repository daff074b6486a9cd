// One order is one order everywhere: over random logs the fold, the view, daily sales and attribution agree to the cent.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import * as fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import type { LogEntry } from "../../durable/contract.ts";
import type { ItemLine, ShopEvent } from "../../durable/state/event.ts";
import {
  emptyShop,
  replayedState,
  replayEvent,
  replayIdentify,
} from "../../durable/state/replay.ts";
import { rollUp } from "../../src/batch/roll-up/roll-up.ts";
import { readAttribution } from "../../src/log/outcomes/attribution.ts";
import { makeEvent, makeLine } from "../support/records.ts";
import { emptyAll, finish } from "./support/log.ts";
import { consume, makeShownList, NOW } from "./support/queue.ts";

const HOUR = 3_600_000;
const ITEMS = ["A", "B", "C"];

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

const line = fc
  .record({
    item: fc.constantFrom(...ITEMS),
    variant: fc.constantFrom(null, null, "red", "blue"),
    price: fc.option(fc.integer({ min: 0, max: 5_000 }), { freq: 5 }),
    quantity: fc.constantFrom(1, 1, 2, 3, 0.5, 0.125),
  })
  .map(({ item, ...change }) => makeLine(item, change));

/** A shop's own total of what it lists: the sum. */
function totalOf(lines: readonly ItemLine[]): number {
  return lines.reduce(
    (sum, { price, quantity }) => sum + Math.round((price ?? 0) * (quantity ?? 1)),
    0,
  );
}

const shopper = fc.constantFrom("s1", "s1", "s2", "visitor", "visitor");
const hour = fc.nat({ max: 72 });
const order = fc.constantFrom("1", "2", "3");

const purchase = fc
  .record({
    shopper,
    hour,
    order: fc.option(order, { freq: 6 }),
    lines: fc.array(line, { minLength: 1, maxLength: 4 }),
    tellsTotal: fc.boolean(),
  })
  .map(({ lines, tellsTotal, ...told }) => {
    return {
      ...told,
      name: "purchase" as const,
      items: lines,
      value: tellsTotal ? totalOf(lines) : null,
    };
  });
const givenBack = fc
  .record({
    shopper,
    hour,
    order: fc.option(order, { freq: 9 }),
    lines: fc.array(line, { maxLength: 2 }),
    isWhole: fc.boolean(),
    amount: fc.option(fc.integer({ min: 1, max: 9_000 }), { freq: 1 }),
  })
  .map(({ lines, isWhole, amount, ...told }) => {
    const items = lines.map((each) => (isWhole ? { ...each, quantity: null } : each));
    return { ...told, name: "refund" as const, items, value: items.length === 0 ? amount : null };
  });
const cancel = fc.record({ shopper, hour, order }).map((told) => {
  return { ...told, name: "cancel" as const, items: [], value: null };
});
const told = fc.oneof(
  { weight: 6, arbitrary: purchase },
  { weight: 3, arbitrary: givenBack },
  { weight: 1, arbitrary: cancel },
);

/** Some events are told again under other ids, and at some point the visitor turns out to be s1. */
const log = fc
  .record({
    events: fc.array(told, { minLength: 2, maxLength: 12 }),
    repeats: fc.array(fc.nat({ max: 11 }), { maxLength: 6 }),
    login: fc.nat({ max: 12 }),
    slices: fc.infiniteStream(fc.integer({ min: 1, max: 6 })),
  })
  .map(({ events, repeats, login, slices }) => {
    const all = [...events, ...repeats.flatMap((index) => events[index] ?? [])];
    const entries = all.map(({ shopper: who, hour: after, order: id, ...fields }, index) =>
      toEntry(
        who,
        makeEvent({
          ...fields,
          event_id: `e${index}`,
          transaction_id: id,
          timestamp: NOW + after * HOUR,
        }),
      ),
    );
    const identify = makeEvent({
      name: "identify",
      event_id: "login",
      timestamp: NOW + login * HOUR,
    });
    entries.splice(login, 0, { ...toEntry("s1", identify), linked_from: "visitor" });
    return { entries: goOn(entries), slices };
  });

function toEntry(who: string, event: ShopEvent): LogEntry {
  const consent = { analytics: true, personalization: true };
  const context = { country: null, device: null, referrer: null, page: null };
  return { shopper: who, linked_from: null, event, consent, context, received_at: NOW };
}

/** After the login, the visitor's events are the user's. */
function goOn(entries: readonly LogEntry[]): LogEntry[] {
  const login = entries.findIndex(({ linked_from }) => linked_from !== null);
  return entries.map((entry, index) =>
    index > login && entry.shopper === "visitor" ? { ...entry, shopper: "s1" } : entry,
  );
}

async function rows<Row>(query: string): Promise<Row[]> {
  return (await env.DB.prepare(query).all<Row>()).results;
}

async function consumeInSlices(entries: readonly LogEntry[], slices: Iterator<number>) {
  for (let from = 0; from < entries.length;) {
    const to = from + Number(slices.next().value);
    await consume([{ kind: "events", entries: entries.slice(from, to) }]);
    await finish(rollUp, NOW);
    from = to;
  }
}

function foldAll(entries: readonly LogEntry[]) {
  const shop = emptyShop();
  for (const { shopper: who, linked_from, event } of entries) {
    if (linked_from === null) replayEvent(shop, who, event);
    else replayIdentify(shop, linked_from, who, event);
  }
  return shop;
}

type Sold = { shopper: string; item_id: string; quantity: number; revenue: number | null };

it("agrees with itself, however orders are told", async () => {
  await fc.assert(
    fc.asyncProperty(log, async ({ entries, slices }) => {
      await emptyAll();
      await env.DB.exec("delete from daily_sales");
      const shown = ["s1", "s2", "visitor"].map((who) =>
        makeShownList(`of ${who}`, ITEMS, { shopper: who, timestamp: NOW }),
      );
      await consume([{ kind: "shown", rows: shown }]);
      await consumeInSlices(entries, slices);

      const sold = await rows<Sold>("select * from order_lines");
      const sum = (lines: readonly Sold[]) =>
        lines.reduce((all, { revenue }) => all + (revenue ?? 0), 0);
      const shop = foldAll(entries);
      const hasLoose = entries.some(
        ({ event }) => event.name === "refund" && event.transaction_id === null,
      );
      for (const who of ["s1", "s2", "visitor"]) {
        const own = sold.filter((each) => each.shopper === who);
        const purchases = shop.streams.get(who)?.live.profile.purchases;
        expect(sum(own)).toBe((purchases?.revenue ?? 0) - (purchases?.refunded ?? 0));
        if (hasLoose) continue;
        for (const item of ITEMS) {
          const pieces = own
            .filter(({ item_id }) => item_id === item)
            .reduce((all, each) => all + each.quantity, 0);
          const bought = purchases?.bought.find(({ item_id }) => item_id === item)?.quantity ?? 0;
          expect(pieces).toBe(bought);
        }
      }
      const daily = await rows<{ item_id: string; units: number; revenue: number }>(
        "select item_id, sum(units) as units, sum(revenue) as revenue from daily_sales group by item_id",
      );
      for (const item of ITEMS) {
        const lines = sold.filter(({ item_id }) => item_id === item);
        const day = daily.find(({ item_id }) => item_id === item);
        expect(day?.revenue ?? 0).toBe(sum(lines));
        expect(day?.units ?? 0).toBe(lines.reduce((all, { quantity }) => all + quantity, 0));
      }
      const query = { from: NOW, to: NOW + HOUR, window: 100 * HOUR };
      const [home] = await readAttribution(env.DB, query);
      expect(home?.revenue).toBe(sum(sold.filter(({ quantity }) => quantity > 0)));
      expect(replayedState(shop, "visitor")).toEqual(replayedState(shop, "s1"));
    }),
    { numRuns: 60 },
  );
});
