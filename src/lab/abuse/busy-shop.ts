// A busy day of a simulated shop in a Worker: what attackers try to move.
import type { Api } from "../../client/api.ts";
import { mapConcurrently } from "../map-concurrently.ts";
import { importCatalogue } from "../replay/import-catalogue.ts";
import { postEvents } from "../replay/requests.ts";
import { simulateShop } from "../simulate/shop.ts";

/** Shoppers who may come today or yesterday: about a sixth of them do. */
const SHOPPERS = 3000;
const DAYS = 1;
const SEED = 22;
/** As many as earlier versions take. */
const EVENTS_A_REQUEST = 100;
const PATIENCE_MS = 30_000;

export type BusyShop = {
  /** Different shoppers who did something. */
  shoppers: number;
  events: number;
  /** All items, the one that fewest of them looked at first. */
  items: readonly string[];
  popular: string;
};

/** @param now ms, the end of the simulated time */
export async function fillShop(api: Api, now: number): Promise<BusyShop> {
  const { catalogue, events } = simulateShop({
    seed: SEED,
    shoppers: SHOPPERS,
    days: DAYS,
    until: now,
  });
  await importCatalogue(api, catalogue);
  const batches = Array.from({ length: Math.ceil(events.length / EVENTS_A_REQUEST) }, (_, i) =>
    events.slice(i * EVENTS_A_REQUEST, (i + 1) * EVENTS_A_REQUEST),
  );
  await mapConcurrently(batches, 1, (batch) => postEvents(api, batch, PATIENCE_MS));
  const looks = new Map<string, Set<string>>();
  for (const { anonymous_id, items = [] } of events) {
    for (const { item_id } of items) {
      looks.set(item_id, (looks.get(item_id) ?? new Set()).add(anonymous_id));
    }
  }
  const countLooks = (item_id: string) => looks.get(item_id)?.size ?? 0;
  const items = catalogue
    .map(({ item_id }) => item_id)
    .toSorted((a, b) => countLooks(a) - countLooks(b));
  const popular = items.at(-1);
  if (popular === undefined) throw new Error("The shop has no items.");
  const shoppers = new Set(events.map(({ anonymous_id }) => anonymous_id)).size;
  return { shoppers, events: events.length, popular, items };
}
