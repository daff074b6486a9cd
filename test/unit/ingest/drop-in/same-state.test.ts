// A law: whatever standard a shop speaks, and however its messages are shuffled, split into requests and told twice, the
// shoppers' memories end the same.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Delivery } from "../../../../durable/contract.ts";
import { canonicalJson } from "../../../../durable/state/canonical-json.ts";
import { emptyShop, replayEvent } from "../../../../durable/state/replay.ts";
import { expand } from "../../../../src/ingest/expand.ts";
import { ingestEvents } from "../../../../src/ingest/ingest.ts";
import { TRUSTED } from "../../../../src/shop/identity.ts";
import { readMoney } from "../../../../src/shop/money.ts";
import { NOON } from "./case.ts";
import { anyVisits, DIALECTS, type Act } from "./dialects.ts";

const NAMES = Object.keys(DIALECTS);

function tell(dialect: string, act: Act): unknown[] {
  const rows = expand(DIALECTS[dialect]?.(act));
  if (rows === null) throw new Error(`${dialect} is no body`);
  return rows;
}

/** Takes requests one after another, as the objects do, and gives what is remembered in the end. */
async function remember(requests: readonly unknown[][]): Promise<string> {
  const shop = emptyShop();
  const openShopper = (shopper: string) => ({
    ingest: (deliveries: Delivery[]) => {
      const verdicts = deliveries.map(({ event }) => replayEvent(shop, shopper, event));
      return Promise.resolve({ kind: "ingested" as const, shopper, verdicts });
    },
    hear: () => Promise.resolve(),
    snapshot: () => Promise.reject(new Error("nobody asks")),
    linkTo: () => Promise.reject(new Error("nobody logs in")),
  });
  for (const rows of requests) {
    const { outcomes } = await ingestEvents(rows, {
      now: NOON,
      money: readMoney("EUR", "{}"),
      default_consent: { analytics: true, personalization: true },
      pseudonymise: (kind, id) => Promise.resolve(`${kind}:${id}`),
      trusted: false,
      proveUser: TRUSTED,
      edge: { country: null, device: null },
      findItem: () => null,
      openShopper,
    });
    for (const outcome of outcomes) {
      if (outcome.kind !== "kept") throw new Error(JSON.stringify(outcome));
      expect(outcome.notes).toEqual({ cleaned: 0, unknown: [], lines: [] });
      expect(outcome.verdict).not.toBe("late");
    }
  }
  return canonicalJson(
    [...shop.streams].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, { live }]) => [name, live]),
  );
}

type Told = { act: Act; dialect: string; order: number; request: number };

/** Each act once or twice, each telling in a dialect of its own, in any order, in a few requests. */
function anyTelling(acts: readonly Act[]): fc.Arbitrary<Told[]> {
  const telling = fc.record({
    dialect: fc.constantFrom(...NAMES),
    order: fc.integer(),
    request: fc.integer({ min: 0, max: 4 }),
  });
  const tellings = fc.array(telling, { minLength: 1, maxLength: 2 });
  return fc
    .tuple(...acts.map(() => tellings))
    .map((all) =>
      all.flatMap((told, i) =>
        acts.slice(i, i + 1).flatMap((act) => told.map((t) => ({ act, ...t }))),
      ),
    );
}

it("ends in the same state, in any standard, order, splitting and repetition", async () => {
  const START = NOON - 50 * 60_000;
  const anything = anyVisits(START).chain((acts) =>
    anyTelling(acts).map((telling) => ({ acts, telling })),
  );
  await fc.assert(
    fc.asyncProperty(anything, async ({ acts, telling }) => {
      const inOrder = await remember([acts.flatMap((act) => tell("ours", act))]);
      const shuffled = telling.toSorted((a, b) => a.order - b.order);
      const requests = [0, 1, 2, 3, 4].map((request) =>
        shuffled
          .filter((told) => told.request === request)
          .flatMap(({ dialect, act }) => tell(dialect, act)),
      );
      expect(await remember(requests)).toBe(inOrder);
    }),
    { numRuns: 200 },
  );
});

it("is a law that can fail: another price is another state", async () => {
  const act: Act = {
    id: "e",
    visitor: "v",
    session: "s",
    at: NOON,
    name: "add_to_cart",
    line: { item_id: "1", price: 1, quantity: 1, category: "c", brand: "b" },
  };
  const dearer: Act = { ...act, line: { ...act.line, price: 2 } };
  for (const dialect of NAMES) {
    expect(await remember([tell(dialect, act)])).not.toBe(await remember([tell("ours", dearer)]));
  }
});
