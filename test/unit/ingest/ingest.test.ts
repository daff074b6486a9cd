// A batch of rows against shoppers' objects that answer, fail, or come back.
import { describe, expect, it } from "vitest";
import { emptyShopper } from "../../../durable/state/shopper.ts";
import type { Delivery, ShopperRpc } from "../../../durable/contract.ts";
import { ingestEvents } from "../../../src/ingest/ingest.ts";
import { TRUSTED } from "../../../src/shop/identity.ts";
import { readMoney } from "../../../src/shop/money.ts";
import { createPseudonymiser } from "../../../src/shop/pseudonym.ts";

const NOW = Date.UTC(2026, 0, 15);

type Call = { shopper: string; method: "ingest" | "linkTo"; ids: string[] };

/** Shoppers who remember the ids they saw; `fail` may throw instead. */
function openShop(fail: (shopper: string, calls: readonly Call[]) => void = () => {}) {
  const calls: Call[] = [];
  const seen = new Map<string, Set<string>>();
  const keep = (shopper: string, { event }: Delivery) => {
    const ids = seen.get(shopper) ?? new Set();
    seen.set(shopper, ids);
    if (ids.has(event.event_id)) return "duplicate" as const;
    ids.add(event.event_id);
    return "applied" as const;
  };
  const openShopper = (
    shopper: string,
  ): Pick<ShopperRpc, "ingest" | "linkTo" | "hear" | "snapshot"> => ({
    async ingest(deliveries) {
      calls.push({ shopper, method: "ingest", ids: deliveries.map(({ event }) => event.event_id) });
      fail(shopper, calls);
      return {
        kind: "ingested",
        shopper,
        verdicts: deliveries.map((delivery) => keep(shopper, delivery)),
      };
    },
    async hear() {},
    async snapshot() {
      return { kind: "snapshot", shopper, state: emptyShopper(), consent: null };
    },
    async linkTo(user, identify) {
      calls.push({ shopper, method: "linkTo", ids: [identify.event.event_id] });
      fail(shopper, calls);
      return keep(user, identify);
    },
  });
  const deps = {
    now: NOW,
    money: readMoney("EUR", "{}"),
    default_consent: { analytics: true, personalization: true },
    pseudonymise: createPseudonymiser("key"),
    trusted: false,
    proveUser: TRUSTED,
    findItem: () => null,
    edge: { country: "NL", device: null },
    openShopper,
  };
  return { calls, deps };
}

function view(event_id: string, who: object, more: object = {}) {
  return {
    event_id,
    name: "view_item",
    timestamp: NOW,
    items: [{ item_id: "i" }],
    ...who,
    ...more,
  };
}

const ANNA = { anonymous_id: "anna" };
const BEN = { user_id: "ben" };

describe("ingestEvents", () => {
  it("asks each shopper once, in arrival order, and answers row by row", async () => {
    const { calls, deps } = openShop();
    const rows = [
      view("1", ANNA),
      view("2", BEN),
      { nonsense: true },
      view("3", ANNA),
      view("1", ANNA),
    ];
    const { outcomes, entries } = await ingestEvents(rows, deps);
    expect(calls.map(({ ids }) => ids)).toEqual([["1", "3", "1"], ["2"]]);
    expect(outcomes).toMatchObject([
      { kind: "kept", verdict: "applied" },
      { kind: "kept", verdict: "applied" },
      { kind: "refused", rejection: { code: "invalid_event" } },
      { kind: "kept", verdict: "applied" },
      { kind: "kept", verdict: "duplicate" },
    ]);
    expect(entries.map(({ event }) => event.event_id).sort()).toEqual(["1", "2", "3"]);
    expect(entries.every(({ context }) => context.country === "NL")).toBe(true);
  });

  it("hands on pseudonyms only", async () => {
    const { calls, deps } = openShop();
    const { entries } = await ingestEvents([view("1", ANNA), view("2", BEN)], deps);
    expect(JSON.stringify({ calls, entries })).not.toMatch(/anna|ben/);
    for (const { shopper } of entries) expect(shopper).toMatch(/^[\w-]{32}$/);
  });

  it("lets one shopper's failure reject that shopper's events alone", async () => {
    const anna = await createPseudonymiser("key")("anonymous", "anna");
    const { deps } = openShop((shopper) => {
      if (shopper === anna) throw new Error("no");
    });
    const { outcomes, entries } = await ingestEvents(
      [view("1", ANNA), view("2", BEN), view("3", ANNA)],
      deps,
    );
    expect(outcomes).toMatchObject([
      { kind: "refused", rejection: { code: "unavailable" } },
      { kind: "kept", verdict: "applied" },
      { kind: "refused", rejection: { code: "unavailable" } },
    ]);
    expect(entries).toHaveLength(1);
  });

  it("asks once more where the object was just moving, never where it is overloaded", async () => {
    const failOnce = (traits: object) => (_: string, calls: readonly Call[]) => {
      if (calls.length === 1) throw Object.assign(new Error("moving"), traits);
    };
    const moving = openShop(failOnce({ retryable: true }));
    const first = await ingestEvents([view("1", ANNA)], moving.deps);
    expect(first.outcomes).toMatchObject([{ kind: "kept", verdict: "applied" }]);
    const overloaded = openShop(failOnce({ retryable: true, overloaded: true }));
    const second = await ingestEvents([view("1", ANNA)], overloaded.deps);
    expect(second.outcomes).toMatchObject([{ kind: "refused" }]);
    expect(overloaded.calls).toHaveLength(1);
  });

  it("joins the visitor to the user after the batch's other events, and logs with whom", async () => {
    const { calls, deps } = openShop();
    const identify = { event_id: "9", name: "identify", timestamp: NOW, ...ANNA, ...BEN };
    const { outcomes, entries } = await ingestEvents([identify, view("1", ANNA)], deps);
    expect(calls.map(({ method }) => method)).toEqual(["ingest", "linkTo"]);
    expect(calls[0]?.shopper).toBe(calls[1]?.shopper);
    expect(outcomes.every(({ kind }) => kind === "kept")).toBe(true);
    const logged = entries.find(({ event }) => event.name === "identify");
    expect(logged?.linked_from).toBe(calls[1]?.shopper);
    expect(logged?.shopper).not.toBe(logged?.linked_from);
  });

  it("joins nobody without consent to personalization", async () => {
    const { calls, deps } = openShop();
    const consent = { analytics: true, personalization: false };
    await ingestEvents(
      [{ event_id: "9", name: "identify", timestamp: NOW, ...ANNA, ...BEN, consent }],
      deps,
    );
    expect(calls.map(({ method }) => method)).toEqual(["ingest"]);
  });

  it("keeps nothing without consent, folds and logs only with it", async () => {
    const { calls, deps } = openShop();
    const rows = [
      view("1", ANNA, { consent: {} }),
      view("2", ANNA, { consent: { analytics: true } }),
      view("3", ANNA, { consent: { personalization: true } }),
    ];
    const { outcomes, entries } = await ingestEvents(rows, deps);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["dropped", "kept", "kept"]);
    // The refusal is told as well: it is the shopper's last word.
    expect(calls.flatMap(({ ids }) => ids)).toEqual(["1", "2", "3"]);
    expect(entries.map(({ event }) => event.event_id)).toEqual(["2"]);
  });

  it("lets only the back end set stock", async () => {
    const { calls, deps } = openShop();
    const row = {
      event_id: "s",
      name: "stock_update",
      timestamp: NOW,
      items: [{ item_id: "i", quantity: 0 }],
    };
    const refused = await ingestEvents([row], deps);
    expect(refused.outcomes).toMatchObject([
      { kind: "refused", rejection: { code: "secret_key_required" } },
    ]);
    const taken = await ingestEvents([row], { ...deps, trusted: true });
    expect(taken.outcomes).toMatchObject([{ kind: "kept", verdict: "applied" }]);
    expect(calls.map(({ shopper }) => shopper)).toEqual([expect.stringMatching(/^shop-\d+$/)]);
  });

  it("spreads the goods of a shop over many objects, and the same event always to the same", async () => {
    const rows = Array.from({ length: 100 }, (_, index) => ({
      event_id: `level-${index}`,
      name: "stock_update",
      timestamp: NOW,
      items: [{ item_id: "i", quantity: index }],
    }));
    const named = async () => {
      const { calls, deps } = openShop();
      await ingestEvents(rows, { ...deps, trusted: true });
      return calls.map(({ shopper }) => shopper).toSorted();
    };
    const objects = await named();
    expect(new Set(objects).size).toBeGreaterThan(30);
    expect(await named()).toEqual(objects);
  });
});
