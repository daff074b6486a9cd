// The requests of the load bench, over the shoppers and items of a log that the Worker has seen.
import { Random } from "../../src/cli/simulate/random.ts";
import type { WireEvent } from "../../src/cli/simulate/wire.ts";
import type { Case } from "./measure.ts";

/** Objects that are touched: enough to be many, few enough to be in memory, as in a shop's busy hour. */
const SHOPPERS = 1_000;
const EVENTS_IN_BATCH = 10;

/** Each run sends events with ids of its own. */
function makeEvent(random: Random, run: string, count: number, past: WireEvent): WireEvent {
  return {
    event_id: `${run}-${count}`,
    name: "view_item",
    timestamp: Date.now(),
    anonymous_id: past.anonymous_id,
    session_id: `${run}-${past.anonymous_id}`,
    items: [{ item_id: past.items?.[0]?.item_id ?? "", price: Math.round(random.between(1, 99)) }],
  };
}

/** Each list begins with the bare route, to which the others are compared. */
export function makeCases(
  log: readonly WireEvent[],
  run: string,
): { reads: Case[]; writes: Case[] } {
  const random = new Random(run);
  const shoppers = [...new Set(log.map((event) => event.anonymous_id))].slice(-SHOPPERS);
  const views = log.filter((event) => event.name === "view_item");
  let count = 0;
  const newEvent = (): WireEvent => {
    count += 1;
    return makeEvent(random, run, count, {
      ...random.pick(views),
      anonymous_id: random.pick(shoppers),
    });
  };
  const post =
    (size: number): Case["make"] =>
    () => ({
      method: "POST",
      path: "/v1/events",
      body: JSON.stringify({ events: Array.from({ length: size }, newEvent) }),
    });
  const recommend =
    (query: (item: string) => string): Case["make"] =>
    () => {
      const item = encodeURIComponent(random.pick(views).items?.[0]?.item_id ?? "");
      const shopper = encodeURIComponent(random.pick(shoppers));
      return {
        method: "GET",
        path: `/v1/recommendations?${query(item)}&limit=20&anonymous_id=${shopper}`,
      };
    };
  const bare: Case = {
    name: "bare route",
    make: () => ({ method: "GET", path: "/health/live" }),
    status: 200,
  };
  const product = recommend((item) => `surface=product&item_id=${item}`);
  return {
    reads: [
      bare,
      { name: "recommendations, home", make: recommend(() => "surface=home"), status: 200 },
      { name: "recommendations, product", make: product, status: 200 },
    ],
    writes: [
      bare,
      { name: "1 event", make: post(1), status: 202 },
      { name: `${EVENTS_IN_BATCH} events`, make: post(EVENTS_IN_BATCH), status: 202 },
    ],
  };
}
