// The table that decides between real time and batch.
import { describe, expect, it } from "vitest";
import { EVENT_NAMES } from "../../../durable/state/event.ts";
import { routeEvent } from "../../../src/ingest/routing.ts";

const SHOPPER_EVENTS = EVENT_NAMES.filter((name) => name !== "stock_update");

describe("routeEvent", () => {
  it.each([true, false])(
    "folds what a shopper does with consent to personalization only (%s)",
    (personalization) => {
      for (const analytics of [true, false]) {
        for (const name of SHOPPER_EVENTS) {
          expect(routeEvent(name, { analytics, personalization })).toEqual({
            realtime: personalization,
            batch: analytics,
          });
        }
      }
    },
  );

  it("logs stock whoever consents to what, and folds it into nobody", () => {
    for (const given of [true, false]) {
      const consent = { analytics: given, personalization: given };
      expect(routeEvent("stock_update", consent)).toEqual({ realtime: false, batch: true });
    }
  });
});
