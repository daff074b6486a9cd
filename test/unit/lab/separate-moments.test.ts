import * as fc from "fast-check";
import { expect, it } from "vitest";
import { separateMoments } from "../../../src/lab/separate-moments.ts";
import type { WireEvent } from "../../../src/lab/simulate/wire.ts";

const log = fc
  .array(fc.record({ who: fc.constantFrom("ann", "bob"), time: fc.nat({ max: 6 }) }))
  .map((events) =>
    events
      .sort((a, b) => a.time - b.time)
      .map(({ who, time }, i): WireEvent => {
        return { event_id: `e${i}`, name: "view_item", timestamp: time, anonymous_id: who };
      }),
  );

async function* replay(events: readonly WireEvent[]): AsyncGenerator<WireEvent> {
  yield* events;
}

it("gives each shopper's events times of their own, in the order of the log", async () => {
  await fc.assert(
    fc.asyncProperty(log, async (events) => {
      const separated: WireEvent[] = [];
      for await (const event of separateMoments(replay(events))) separated.push(event);
      expect(separated.map(({ event_id }) => event_id)).toEqual(events.map((e) => e.event_id));
      for (const who of ["ann", "bob"]) {
        const own = separated.filter(({ anonymous_id }) => anonymous_id === who);
        const told = events.filter(({ anonymous_id }) => anonymous_id === who);
        for (const [i, { timestamp }] of own.entries()) {
          expect(timestamp).toBeGreaterThan(own[i - 1]?.timestamp ?? -1);
          expect(timestamp).toBe(
            Math.max(told[i]?.timestamp ?? 0, (own[i - 1]?.timestamp ?? -1) + 1),
          );
        }
      }
    }),
  );
});
