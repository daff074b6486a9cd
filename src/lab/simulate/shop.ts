// The simulated shop as a library: the same seed gives the same catalogue and the same events, in event-time order.
import { BRANDS, CATEGORIES } from "./assortment.ts";
import { makeCatalogue, publishItem, type HiddenItem, type SimulatedItem } from "./catalogue.ts";
import { Random } from "./random.ts";
import { freshMemory, record } from "./recorder.ts";
import { playVisit, type Shelf } from "./session.ts";
import { makeShopper } from "./shopper.ts";
import type { WireEvent } from "./wire.ts";

export type SimulationOptions = {
  seed: number;
  shoppers: number;
  days: number;
  /** The end of the simulated time, ms since the epoch; no event is later. */
  until: number;
};

export type SimulatedShop = { catalogue: SimulatedItem[]; events: WireEvent[] };

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Visits by hour of the day (UTC), relative: quiet nights, a peak after work. */
const HOURS = [
  1, 0.5, 0.3, 0.3, 0.3, 0.6, 1.5, 2.5, 3, 3.5, 4, 4.5, 5, 4.5, 4, 4, 4.5, 5, 6, 7.5, 8, 7, 4, 2,
] as const;
/** Saturdays and Sundays (UTC days 6 and 0) are busier. */
const WEEKEND_FACTOR = 1.3;
/** A shopper does not come back within the hour: that would still be the same session. */
const BETWEEN_VISITS_MS = HOUR_MS;

function arrangeShelf(items: readonly HiddenItem[]): Shelf {
  const byCategory = Map.groupBy(items, (item) => item.category);
  return new Map(
    CATEGORIES.map(({ name, price }) => [
      name,
      { items: byCategory.get(name) ?? [], typicalPrice: price },
    ]),
  );
}

function dayOfYear(time: number): number {
  const year = new Date(time).getUTCFullYear();
  return (time - Date.UTC(year, 0, 1)) / DAY_MS;
}

/** The starting times of a shopper's visits over the whole period, ascending. */
function drawVisits(random: Random, rate: number, { days, until }: SimulationOptions): number[] {
  const visits: number[] = [];
  const lastMidnight = Math.floor(until / DAY_MS) * DAY_MS;
  for (let day = days; day >= 0; day--) {
    const midnight = lastMidnight - day * DAY_MS;
    const weekday = new Date(midnight).getUTCDay();
    const busy = weekday === 0 || weekday === 6 ? WEEKEND_FACTOR : 1;
    if (!random.chance(1 - Math.exp(-rate * busy))) continue;
    const hour = random.pickWeighted([...HOURS.keys()], (index) => HOURS[index] ?? 0);
    visits.push(midnight + Math.floor((hour + random.next()) * HOUR_MS));
  }
  return visits;
}

function simulateShopper(number: number, shelf: Shelf, options: SimulationOptions): WireEvent[] {
  const random = new Random(`${options.seed}:shopper:${number}`);
  const shopper = makeShopper(
    random,
    number,
    BRANDS.map((brand) => brand.name),
  );
  const memory = freshMemory();
  let free = 0;
  for (const wanted of drawVisits(random, shopper.rate, options)) {
    const start = Math.max(wanted, free);
    const visit = { shelf, shopper, memory, random, start, dayOfYear: dayOfYear(start) };
    free = playVisit(visit) + BETWEEN_VISITS_MS;
    const bought = memory.events.at(-1);
    // Some send it back a few days later. The back end tells that, so no session belongs to it.
    if (bought?.name === "purchase" && random.chance(0.04)) {
      const { items, value, currency, transaction_id } = bought;
      record(shopper, memory, "refund", free + random.integer(2, 9) * DAY_MS, {
        items,
        value,
        currency,
        transaction_id,
      });
    }
  }
  return memory.events;
}

/** As the fold orders them: event time, then id. */
function inEventOrder(a: WireEvent, b: WireEvent): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  return a.event_id < b.event_id ? -1 : 1;
}

export function simulateShop(options: SimulationOptions): SimulatedShop {
  const items = makeCatalogue(new Random(`${options.seed}:catalogue`));
  const shelf = arrangeShelf(items);
  const events = Array.from({ length: options.shoppers }, (_, number) =>
    simulateShopper(number + 1, shelf, options),
  )
    .flat()
    .filter((event) => event.timestamp <= options.until)
    .sort(inEventOrder);
  return { catalogue: items.map(publishItem), events };
}
