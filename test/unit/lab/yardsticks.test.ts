// The simple lists of a replay, what kind a question is of, and a rate that is kept.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keepPace } from "../../../src/lab/replay/pace.ts";
import { countQuestion, restoreTally, toReport } from "../../../src/lab/replay/tally.ts";
import { Yardsticks } from "../../../src/lab/replay/yardsticks.ts";
import type { WireEvent } from "../../../src/lab/simulate/wire.ts";

const HOUR = 3_600_000;
const ann = { id_type: "anonymous_id", id: "ann" } as const;

function view(hour: number, anonymous_id: string, item_id: string, session = "1"): WireEvent {
  return {
    event_id: `${hour} ${anonymous_id}`,
    name: "view_item",
    timestamp: hour * HOUR,
    anonymous_id,
    session_id: `${anonymous_id} ${session}`,
    items: [{ item_id }],
  };
}

function ask(target: string, hour: number, session = "1") {
  return { actor: ann, target, at: hour * HOUR, session: `ann ${session}`, isFirst: false };
}

describe("a question", () => {
  it("is a revisit exactly where the shopper touched its answer before, and its length is the session's", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("cup", "pot", "jug"), { maxLength: 60 }), (seen) => {
        const yardsticks = new Yardsticks();
        for (const [hour, item] of seen.entries()) yardsticks.observe(view(hour, "ann", item));
        for (const target of ["cup", "pot", "jug", "lamp"]) {
          const { slices, ranks } = yardsticks.measure(ask(target, seen.length));
          const back = [...new Set<string>(seen.toReversed())].indexOf(target);
          expect(slices.includes("revisit")).toBe(back !== -1);
          expect(slices.includes("discovery")).toBe(back === -1);
          expect(ranks.recently_viewed).toBe(back === -1 ? Infinity : back + 1);
          const edge = [50, 20, 10, 5, 2, 1, 0].find((each) => each <= seen.length);
          expect(slices).toContain(`session_of_${edge}_or_more`);
        }
      }),
    );
  });

  it("is about a young item within a day of the item's first event", () => {
    const yardsticks = new Yardsticks();
    yardsticks.observe(view(0, "bob", "cup"));
    const isYoung = (hour: number) =>
      yardsticks.measure(ask("cup", hour)).slices.includes("item_younger_than_a_day");
    expect([isYoung(23), isYoung(25)]).toEqual([true, false]);
  });
});

it("puts what goes with the last item behind the shopper's own, and follows who signs in", () => {
  const yardsticks = new Yardsticks();
  for (const shopper of ["a", "b"]) {
    yardsticks.observe(view(1, shopper, "cup"));
    yardsticks.observe(view(2, shopper, "pot"));
  }
  yardsticks.observe(view(3, "ann", "cup"));
  const rankOf = (target: string) =>
    yardsticks.measure(ask(target, 4)).ranks.recently_viewed_co_visitation;
  expect(["cup", "pot", "lamp"].map(rankOf)).toEqual([1, 2, Infinity]);
  yardsticks.observe({ ...view(5, "ann", ""), name: "identify", user_id: "u", items: [] });
  const user = { ...ask("cup", 6), actor: { id_type: "user_id", id: "u" } as const };
  expect(yardsticks.measure(user).ranks.recently_viewed).toBe(1);
});

it("reports each list by kind of question, and the Worker's own for revisits and discoveries", () => {
  const tally = restoreTally();
  const others = { popularity: Infinity, co_visitation: 2, recently_viewed_co_visitation: 1 };
  const ranks = { ...others, recently_viewed: 1, recommendations: 4 };
  countQuestion(tally, ["all", "revisit"], ranks);
  countQuestion(tally, ["all", "discovery"], { ...ranks, recently_viewed: 21, recommendations: 2 });
  const report = toReport(tally);
  expect(report.recommendations).toMatchObject({ asked: 2, "hr@20": 100, "mrr@20": 37.5 });
  expect(report.revisit).toMatchObject({ asked: 1, "mrr@20": 25 });
  expect(report.discovery).toMatchObject({ asked: 1, "mrr@20": 50 });
  expect(report.recently_viewed).toMatchObject({ asked: 2, "hr@20": 50 });
  expect(report.slices["discovery"]?.recently_viewed).toMatchObject({ "hr@20": 0 });
});

it("lets no event go before its time, and does not wait where it is late", async () => {
  let now = 0;
  const pauses: number[] = [];
  const pace = keepPace(
    10,
    () => now,
    (ms) => {
      pauses.push(ms);
      now += ms;
      return Promise.resolve();
    },
  );
  await pace(100); // The first call starts the clock.
  await pace(120);
  now += 5000;
  await pace(130);
  expect({ pauses, now }).toEqual({ pauses: [2000], now: 7000 });
});
