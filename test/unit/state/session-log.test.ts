// Sessions along a log of many shoppers: those that each shopper's own fold counts.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareEvents } from "../../../durable/state/event.ts";
import type { ShopEvent } from "../../../durable/state/event.ts";
import { SESSION_GAP } from "../../../durable/state/session.ts";
import { SessionLog } from "../../../durable/state/session-log.ts";
import { emptyShopper, foldShopper } from "../../../durable/state/shopper.ts";
import { eventOf, MINUTE, shopEvents, START } from "./arbitrary.ts";

/** So short that no shopper has more sessions than are kept open: two without an id, and one for each id. */
const MINUTES = 60;

const shoppers = ["ann", "bob"] as const;
const logged = fc
  .array(fc.constantFrom(...shoppers), { minLength: 40, maxLength: 40 })
  .chain((who) =>
    shopEvents("e", { minutes: MINUTES, maxLength: 40 }).map((events) =>
      events
        .filter(({ session_id }) => session_id !== "__proto__")
        .sort(compareEvents)
        // An order that is told twice is folded once, whatever session it comes under.
        .map((event, index) => ({
          shopper: who[index] ?? "ann",
          event: { ...event, transaction_id: null },
        })),
    ),
  );

const view = (minute: number, session_id: string | null = null): ShopEvent =>
  eventOf({ name: "view_item", timestamp: START + minute * MINUTE, session_id });

describe("sessions along a log", () => {
  it("are those that the fold of each shopper counts", () => {
    fc.assert(
      fc.property(logged, (events) => {
        const log = new SessionLog();
        const named = events.map(({ shopper, event }) => log.nameOf(shopper, event));
        for (const one of shoppers) {
          const own = events.flatMap(({ shopper, event }, index) =>
            shopper === one ? [{ event, name: named[index] ?? "" }] : [],
          );
          let state = emptyShopper();
          const seen = new Set<string>();
          for (const { event, name } of own) {
            state = foldShopper(state, event);
            seen.add(name);
            expect(state.profile.sessions).toBe(seen.size);
          }
        }
      }),
    );
  });

  it("never join two shoppers, whatever their ids", () => {
    const log = new SessionLog();
    expect(log.nameOf("ann", view(0, "s1"))).not.toBe(log.nameOf("bob", view(0, "s1")));
    expect(log.nameOf("ann", view(1))).not.toBe(log.nameOf("bob", view(1)));
  });

  it("go on for those who sign in", () => {
    const log = new SessionLog();
    const before = log.nameOf("visitor", view(0, "s1"));
    log.link("visitor", "user");
    expect(log.nameOf("user", view(1, "s1"))).toBe(before);
    expect(log.nameOf("user", view(2))).toBe(before);
    expect(log.nameOf("visitor", view(3))).not.toBe(before);
  });

  it("without an id are forgotten of those who were longest away", () => {
    const log = new SessionLog(2);
    const first = log.nameOf("ann", view(0));
    log.nameOf("bob", view(1));
    expect(log.nameOf("ann", view(2))).toBe(first);
    log.nameOf("eve", view(3));
    expect(log.nameOf("ann", view(4))).toBe(first);
    const named = log.nameOf("bob", view(SESSION_GAP / MINUTE, "s1"));
    for (const other of ["x", "y"]) log.nameOf(other, view(40));
    expect(log.nameOf("bob", view(41, "s1"))).toBe(named);
    expect(log.nameOf("ann", view(41))).not.toBe(first);
  });
});
