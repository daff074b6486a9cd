// A seeded shop of any size for the load bench: a catalogue and a history with popular items, neighbours that are
// viewed together, and carts. It says nothing about quality; what counts is that every source has something to say.
import { Random } from "../../../src/lab/simulate/random.ts";
import type { WireEvent, WireLine } from "../../../src/lab/simulate/wire.ts";

export type BenchItem = {
  item_id: string;
  item_name: string;
  item_category: string;
  item_brand: string;
  price: number;
  image_url: string;
  url: string;
};

export type BenchShop = { items: BenchItem[]; events: WireEvent[] };

/** A department of a shop, as its storefront lists it. */
const ITEMS_PER_CATEGORY = 150;
const BRANDS = 400;
const WORDS = 3_000;
const WORDS_PER_TITLE = 6;
/** Items ranked by popularity fall off about as this power of a uniform number. */
const SKEW = 3;
/** How far (in items) a shopper strays from one view to the next, mostly. */
const STRAY = 12;
const CART_SHARE = 0.06;
const PURCHASE_SHARE = 0.4;
const SHOPPERS_PER_EVENT = 0.25;
const SESSION_LENGTH = { least: 1, most: 12 };
const HISTORY_MS = 7 * 86_400_000;
const PAUSE_MS = 20_000;

export function makeShop(size: number, events: number, now: number): BenchShop {
  const items = makeItems(new Random(`items ${size}`), size);
  return { items, events: makeEvents(new Random(`events ${size}`), items, events, now) };
}

function makeItems(random: Random, size: number): BenchItem[] {
  const word = () => `word${random.integer(1, WORDS)}`;
  return Array.from({ length: size }, (_, index) => {
    const item_id = `item-${index}`;
    return {
      item_id,
      item_name: Array.from({ length: WORDS_PER_TITLE }, word).join(" "),
      item_category: `category-${Math.floor(index / ITEMS_PER_CATEGORY)}`,
      item_brand: `brand-${random.integer(1, BRANDS)}`,
      price: Math.round(random.logNormal(40, 1) * 100) / 100,
      image_url: `https://shop.example/images/${item_id}.jpg`,
      url: `https://shop.example/products/${item_id}`,
    };
  });
}

/** In event-time order, ending `now`. */
function makeEvents(
  random: Random,
  items: readonly BenchItem[],
  count: number,
  now: number,
): WireEvent[] {
  const events: WireEvent[] = [];
  const shoppers = Math.ceil(count * SHOPPERS_PER_EVENT);
  for (let session = 0; events.length < count; session++) {
    const anonymous_id = `shopper-${random.integer(1, shoppers)}`;
    const length = random.integer(SESSION_LENGTH.least, SESSION_LENGTH.most);
    let time = now - HISTORY_MS * random.next();
    let index = Math.floor(items.length * random.next() ** SKEW);
    const act = (name: WireEvent["name"], line: WireLine) =>
      events.push({
        event_id: `history-${events.length}`,
        name,
        timestamp: Math.round((time += PAUSE_MS)),
        anonymous_id,
        session_id: `history-${session}`,
        items: [line],
      });
    for (let step = 0; step < length; step++) {
      const item = items[index];
      if (item === undefined) break;
      const { item_id, item_category, item_brand, price } = item;
      const line = { item_id, item_category, item_brand, price };
      act("view_item", line);
      if (random.chance(CART_SHARE)) {
        act("add_to_cart", line);
        if (random.chance(PURCHASE_SHARE)) act("purchase", line);
      }
      const next = index + Math.round(random.normal() * STRAY);
      index = Math.min(items.length - 1, Math.max(0, next));
    }
  }
  return events.slice(0, count).sort((a, b) => a.timestamp - b.timestamp);
}
