// What answers hold is exactly what is kept inside: amounts, times, and a shopper's whole state.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import * as z from "zod";
import { canonicalJson } from "../../../durable/state/canonical-json.ts";
import { compareEvents } from "../../../durable/state/event.ts";
import { emptyShopper, foldShopper } from "../../../durable/state/shopper.ts";
import { describeEntry, describeState } from "../../../src/shop/shopper-answer.ts";
import { convertUnits, toDecimal, toIso, toMinorUnits } from "../../../src/shop/units.ts";
import { shopEvent, shopEvents } from "../state/arbitrary.ts";

/** JPY, EUR, BHD. */
const scales = fc.constantFrom(1, 100, 1000);

it("gives back every amount of minor units", () => {
  const amounts = fc.oneof(fc.integer(), fc.integer({ min: -(2 ** 51), max: 2 ** 51 }));
  fc.assert(
    fc.property(amounts, scales, (minor, scale) => {
      const text = JSON.stringify(toDecimal(minor, scale));
      expect(toMinorUnits(JSON.parse(text), scale) + 0).toBe(minor);
      expect(text.split(".")[1]?.length ?? 0).toBeLessThanOrEqual(Math.log10(scale));
    }),
  );
});

it("gives back every time", () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date(0) }), (date) => {
      expect(Date.parse(toIso(date.getTime()))).toBe(date.getTime());
    }),
  );
});

it("gives back a shopper's whole state, whatever events it is of", () => {
  const events = shopEvents("e", { minutes: 3000, maxLength: 60 });
  fc.assert(
    fc.property(events, scales, (events, scale) => {
      const state = events.toSorted(compareEvents).reduce(foldShopper, emptyShopper());
      const schema = describeState(convertUnits(scale));
      const answer: unknown = JSON.parse(JSON.stringify(z.encode(schema, state)));
      expect(canonicalJson(schema.parse(answer))).toBe(canonicalJson(state));
    }),
  );
});

it("gives back an entry on its way to the log", () => {
  fc.assert(
    fc.property(shopEvent("e", 3000), scales, (event, scale) => {
      const entry = {
        shopper: "a pseudonym",
        linked_from: null,
        received_at: event.timestamp + 7,
        event,
        consent: { analytics: true, personalization: false },
        context: { country: "NL", device: null, referrer: null, page: null },
      };
      const schema = describeEntry(convertUnits(scale));
      const answer: unknown = JSON.parse(JSON.stringify(z.encode(schema, entry)));
      expect(schema.parse(answer)).toEqual(entry);
    }),
  );
});
