// What is credited to which list, over any log: as a plain reckoning has it that looks at each event and each list.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import * as fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { readAttribution } from "../../src/log/outcomes/attribution.ts";
import type { ShownList } from "../../src/log/message.ts";
import { consume, emptyLog, makeEntry, makeShownList, NOW } from "./support/queue.ts";
import { makeLine } from "../support/records.ts";

const WINDOW = 40;
const QUERY = { from: NOW + 30, to: NOW + 70, window: WINDOW };
const NAMES = ["view_item", "add_to_cart", "purchase"] as const;

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));

type Event = {
  name: (typeof NAMES)[number];
  shopper: string;
  item: string;
  at: number;
  /** Index of the list that it names. */
  list: number | null;
};

const shoppers = fc.constantFrom("s1", "s2");
const items = ["a", '"a\\', "ü\n"];
const aList = fc.record({
  shopper: fc.constantFrom("s1", "s2", "visitor", ""),
  surface: fc.constantFrom("home", "cart"),
  first: fc.constantFrom(0, 5),
  items: fc.shuffledSubarray(items, { minLength: 1 }),
});
/** No two lists at the same moment: which of them is the last would be anybody's guess. */
const times = fc.uniqueArray(fc.nat({ max: 99 }), { minLength: 12, maxLength: 12 });
const anEvent: fc.Arbitrary<Event> = fc.record({
  name: fc.constantFrom(...NAMES),
  shopper: shoppers,
  item: fc.constantFrom(...items),
  at: fc.nat({ max: 99 }),
  list: fc.option(fc.nat({ max: 11 })),
});

/** The list and position that an event is credited to, or null. The visitor became shopper 1. */
function credit(event: Event, lists: readonly ShownList[]): [ShownList, number] | null {
  const at = NOW + event.at;
  const can = lists.filter(
    (list) =>
      list.items.includes(event.item) && list.timestamp <= at && list.timestamp >= at - WINDOW,
  );
  const named = can.find(({ recommendation_id }) => recommendation_id === `r${event.list}`);
  const known = event.shopper === "s1" ? ["s1", "visitor"] : [event.shopper];
  const followed = can
    .filter(({ shopper }) => known.includes(shopper))
    .toSorted((a, b) => b.timestamp - a.timestamp);
  const list = named ?? followed[0];
  return list === undefined ? null : [list, list.first + list.items.indexOf(event.item)];
}

function reckon(surface: string, lists: readonly ShownList[], events: readonly Event[]) {
  const own = lists.filter(
    (list) => list.surface === surface && list.timestamp >= QUERY.from && list.timestamp < QUERY.to,
  );
  const credited = events.flatMap((event) => {
    const found = credit(event, lists);
    if (found === null || !own.includes(found[0])) return [];
    return [{ name: event.name, credit: `${found[0].recommendation_id}/${found[1]}` }];
  });
  const count = (name: string) =>
    new Set(credited.filter((each) => each.name === name).map((each) => each.credit)).size;
  return {
    surface,
    lists: own.length,
    impressions: own.reduce((sum, list) => sum + list.items.length, 0),
    clicks: count("view_item"),
    carts: count("add_to_cart"),
    purchases: count("purchase"),
    revenue: 100 * credited.filter(({ name }) => name === "purchase").length,
  };
}

it("credits what a plain reckoning credits", async () => {
  const log = fc.record({
    lists: fc.array(aList, { minLength: 6, maxLength: 12 }),
    times,
    events: fc.array(anEvent, { minLength: 1, maxLength: 25 }),
  });
  let credits = 0;
  await fc.assert(
    fc.asyncProperty(log, async ({ lists, times: at, events }) => {
      await emptyLog();
      const rows = lists.map(({ items: ids, ...list }, i) =>
        makeShownList(`r${i}`, ids, { ...list, timestamp: NOW + (at[i] ?? 0) }),
      );
      const entries = events.map(({ name, shopper, item, at: after, list }, i) =>
        makeEntry(
          `e${i}`,
          {
            name,
            timestamp: NOW + after,
            items: [makeLine(item, { price: 100 })],
            recommendation_id: list === null ? null : `r${list}`,
          },
          shopper,
        ),
      );
      const login = makeEntry("login", { name: "identify", items: [] }, "s1");
      await consume([
        { kind: "events", entries: [...entries, { ...login, linked_from: "visitor" }] },
        { kind: "shown", rows },
      ]);
      const expected = ["cart", "home"]
        .map((surface) => reckon(surface, rows, events))
        .filter((surface) => surface.lists > 0);
      expect(await readAttribution(env.DB, QUERY)).toEqual(expected);
      credits += expected.reduce((sum, { clicks, revenue }) => sum + clicks + revenue, 0);
    }),
    { numRuns: 60 },
  );
  expect(credits).toBeGreaterThan(0);
});
