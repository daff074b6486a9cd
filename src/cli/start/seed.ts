// Fills a fresh local Worker with the simulated demo shop, through the public API, once.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Api } from "../../client/api.ts";
import { mapConcurrently } from "../../lab/map-concurrently.ts";
import { importCatalogue } from "../../lab/replay/import-catalogue.ts";
import { postEvents } from "../../lab/replay/requests.ts";
import { simulateShop } from "../../lab/simulate/shop.ts";
import type { WireEvent } from "../../lab/simulate/wire.ts";

/** The demo model's item vocabulary is this seed's catalogue. */
const DEMO_SEED = 7;
/** Some 3,000 events: enough to see trends and bought-together, few enough to be sent in seconds. */
const DEMO_SHOPPERS = 150;
const DEMO_DAYS = 14;
/** As the API has it. */
const EVENTS_PER_REQUEST = 100;
/** Each lane keeps its shoppers' events in order. */
const LANES = 4;
/** Events are refused for good only by a bug, but an object may be away for a moment, ms. */
const RESEND_MS = 10_000;

export type Seeded = { items: number; events: number };

const markerIn = (persistTo: string): string => join(persistTo, `demo-shop-${DEMO_SEED}.json`);

/** Whether this Worker has the demo shop: it was seeded, and its catalogue still knows the first item. */
async function isSeeded(api: Api, persistTo: string, item_id: string): Promise<boolean> {
  if (!existsSync(markerIn(persistTo))) return false;
  return (await api.send("GET", `/v1/items/${encodeURIComponent(item_id)}`)).status === 200;
}

/** Whole shoppers to a lane, round robin. */
function toLanes(events: readonly WireEvent[]): WireEvent[][] {
  const laneOf = new Map<string, number>();
  const lanes: WireEvent[][] = Array.from({ length: LANES }, () => []);
  for (const event of events) {
    const lane = laneOf.get(event.anonymous_id) ?? laneOf.size % LANES;
    laneOf.set(event.anonymous_id, lane);
    lanes[lane]?.push(event);
  }
  return lanes;
}

async function sendLane(api: Api, events: readonly WireEvent[]): Promise<void> {
  for (let start = 0; start < events.length; start += EVENTS_PER_REQUEST) {
    const batch = events.slice(start, start + EVENTS_PER_REQUEST);
    const { rejected } = await postEvents(api, batch, RESEND_MS);
    const [first] = rejected;
    if (first !== undefined)
      throw new Error(`The demo shop's events were refused: ${first.message}`);
  }
}

/** Null when the shop is there already. `now` (ms) becomes the end of the simulated time. */
export async function seedDemoShop(
  api: Api,
  persistTo: string,
  now: number,
): Promise<Seeded | null> {
  const options = { seed: DEMO_SEED, shoppers: DEMO_SHOPPERS, days: DEMO_DAYS, until: now };
  const { catalogue, events } = simulateShop(options);
  if (await isSeeded(api, persistTo, catalogue[0]?.item_id ?? "")) return null;
  await importCatalogue(api, catalogue);
  await mapConcurrently(toLanes(events), LANES, (lane) => sendLane(api, lane));
  const seeded = { items: catalogue.length, events: events.length };
  mkdirSync(dirname(markerIn(persistTo)), { recursive: true });
  writeFileSync(markerIn(persistTo), `${JSON.stringify(seeded)}\n`);
  return seeded;
}
