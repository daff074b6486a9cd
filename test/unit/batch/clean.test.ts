// Cleaning loses no row, forgets no value and does not care how the log was cut or ordered.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SessionLog } from "../../../durable/state/session-log.ts";
import { cleanRows, countSteps } from "../../../src/batch/clean/clean.ts";
import type { CleanRow, EventRow, ItemFacts } from "../../../src/batch/clean/event.ts";
import { emptyFilled } from "../../../src/batch/clean/fill.ts";
import { makeRow as makeEventRow } from "../../support/records.ts";

const MINUTE = 60_000;
const FACTS = new Map<string, ItemFacts>([
  ["lamp", { category: "light", brand: "acme", price: 1000 }],
  ["desk", { category: null, brand: null, price: null }],
]);

function makeRow(seq: number, change: Partial<EventRow> = {}): EventRow {
  const row = { seq, shopper: "s", event_id: `e${seq}`, timestamp: seq * 1000, quantity: 1 };
  return makeEventRow({ item_id: "lamp", ...row, ...change });
}

const change = fc.record({
  shopper: fc.constantFrom("s", "t"),
  session_id: fc.constantFrom(null, null, "a", "b"),
  timestamp: fc.integer({ min: 0, max: 300 }).map((minutes) => minutes * MINUTE),
  item_id: fc.constantFrom("lamp", "desk", "unknown", null),
  price: fc.option(fc.integer({ min: 0, max: 100_000 })),
  quantity: fc.integer({ min: 1, max: 5000 }),
  category: fc.constantFrom(null, "own"),
  name: fc.constantFrom("view_item", "purchase", "stock_update"),
});
const log = fc
  .array(change, { maxLength: 60 })
  .map((changes) => changes.map((one, index) => makeRow(index + 1, one)));

const all = (rows: readonly EventRow[]): CleanRow[] => {
  const { kept, aside } = cleanRows(rows, new Map(), FACTS);
  return [...kept, ...aside.map(({ row }) => row)].sort((a, b) => a.seq - b.seq);
};

describe("cleaning", () => {
  it("keeps every row, and what it added can be taken off again", () => {
    fc.assert(
      fc.property(log, (rows) => {
        const columns = Object.keys(makeRow(0));
        const raw = all(rows)
          .map(emptyFilled)
          .map((row) =>
            Object.fromEntries(Object.entries(row).filter(([name]) => columns.includes(name))),
          );
        expect(raw).toEqual(rows);
      }),
    );
  });

  it("gives the same whatever order the rows come in", () => {
    fc.assert(
      fc.property(log, (rows) => {
        expect(all(rows.toReversed())).toEqual(all(rows));
      }),
    );
  });

  it("gives the same sessions wherever a log in order is cut", () => {
    fc.assert(
      fc.property(log, fc.nat({ max: 60 }), (rows, cut) => {
        const sorted = rows
          .toSorted((a, b) => a.timestamp - b.timestamp)
          .map((row, index) => Object.assign(row, { seq: index + 1 }));
        const whole = all(sorted).map(({ session }) => session);
        const first = cleanRows(sorted.slice(0, cut), new Map(), FACTS);
        const carried = new Map(first.sessions.map((session) => [session.shopper, session]));
        const second = cleanRows(sorted.slice(cut), carried, FACTS);
        const parts = [first, second]
          .flatMap(({ kept, aside }) => kept.concat(aside.map(({ row }) => row)))
          .sort((a, b) => a.seq - b.seq);
        expect(parts.map(({ session }) => session)).toEqual(whole);
      }),
    );
  });

  it("knows the sessions that the shopper's own fold knows", () => {
    fc.assert(
      fc.property(log, (rows) => {
        // So near together that no session is ever out of mind: two without an id, and one for each id.
        const near = rows.map((row) => ({ ...row, timestamp: row.timestamp / 5 }));
        const sessions = new SessionLog();
        const known = new Map<string, string>();
        const sorted = all(near).sort((a, b) => a.timestamp - b.timestamp || a.seq - b.seq);
        for (const row of sorted) {
          const name = sessions.nameOf(row.shopper, row);
          const key = `${row.shopper}\n${row.session}`;
          expect(known.get(key) ?? name).toBe(name);
          known.set(key, name);
          // One that learnt its id on the way has two names in files: rows before it are exported by then.
          if (!name.includes("~")) expect(key).toBe(name);
        }
      }),
    );
  });

  it("goes on with a named session where an event names none, over the end of a slice", () => {
    const minutes = (at: number) => ({ timestamp: at * MINUTE });
    const first = [makeRow(1, { session_id: "own", ...minutes(0) }), makeRow(2, minutes(10))];
    const { kept, sessions } = cleanRows(first, new Map(), FACTS);
    expect(kept[1]).toMatchObject({ session: "own", session_derived: true });
    const carried = new Map(sessions.map((session) => [session.shopper, session]));
    const next = cleanRows([makeRow(3, minutes(20)), makeRow(4, minutes(90))], carried, FACTS);
    expect(next.kept[0]).toMatchObject({ session: "own" });
    expect(next.kept[1]?.session).toBe(`~${(90 * MINUTE).toString(36)}`);
  });

  it("tells sessions by half an hour without events", () => {
    const times = [0, 29, 58, 89, 200].map((minutes) => minutes * MINUTE);
    const rows = times.map((timestamp, index) => makeRow(index + 1, { timestamp }));
    const sessions = all(rows).map(({ session }) => session);
    expect(new Set(sessions.slice(0, 3)).size).toBe(1);
    expect(new Set(sessions).size).toBe(3);
    expect(all([makeRow(1, { session_id: "own" })])[0]).toMatchObject({
      session: "own",
      session_derived: false,
    });
  });

  it("sets aside what no human does, and never money that moved", () => {
    const burst = Array.from({ length: 200 }, (_, i) => makeRow(i + 1, { timestamp: i }));
    expect(cleanRows(burst, new Map(), FACTS).aside).toHaveLength(80);
    const sales = burst.map((row) => Object.assign({}, row, { name: "purchase" }));
    expect(cleanRows(sales, new Map(), FACTS).aside).toEqual([]);
    const marathon = Array.from({ length: 1100 }, (_, i) => makeRow(i + 1));
    const { aside } = cleanRows(marathon, new Map(), FACTS);
    expect(aside.map(({ why }) => why)).toEqual(Array.from({ length: 100 }, () => "bot"));
    const twice = [makeRow(1, { timestamp: 5 }), makeRow(2, { timestamp: 5 })];
    expect(cleanRows(twice, new Map(), FACTS).aside.map(({ why, row }) => [why, row.seq])).toEqual([
      ["repeat", 2],
    ]);
    const crawler = cleanRows([makeRow(1, { device: "Googlebot" })], new Map(), FACTS);
    expect(crawler.aside).toMatchObject([{ why: "bot" }]);
  });

  it("fills from the catalogue what is missing, and counts it", () => {
    const rows = all([
      makeRow(1),
      makeRow(2, { price: 990, category: "own" }),
      makeRow(3, { price: 1 }),
      makeRow(4, { quantity: 1001 }),
      makeRow(5, { item_id: null }),
      makeRow(6, { name: "stock_update", quantity: 9999 }),
    ]);
    expect(rows.map(({ price, category, outlier }) => [price, category, outlier])).toEqual([
      [1000, "light", null],
      [990, "own", null],
      [1, "light", "price"],
      [1000, "light", "quantity"],
      [null, null, null],
      [null, null, null],
    ]);
    expect(countSteps(rows)).toEqual({
      sessions_derived: 6,
      price_filled: 2,
      category_filled: 3,
      brand_filled: 4,
      outlier_price: 1,
      outlier_quantity: 1,
    });
  });
});
