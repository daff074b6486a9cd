// The requests of the load bench, over the shoppers and items of a log that the Worker has seen.
import { Random } from "../../src/lab/simulate/random.ts";
import type { WireEvent } from "../../src/lab/simulate/wire.ts";
import type { Call } from "./http-client.ts";
import type { BenchItem, BenchShop } from "./shop/random-shop.ts";

/** Shoppers who are asked about in turn: few enough that their objects, which sleep after 10 s, stay awake. */
const AWAKE = 100;
const EVENTS_IN_BATCH = 10;
const RERANKED = 500;
const LIMIT = 20;

export type Kind = {
  name: string;
  /** The next request; each call another one. */
  make: () => Call;
  status: number;
  /** Requests in one go, at most. */
  most?: number;
};

export const BARE: Kind = {
  name: "bare route",
  make: () => ({ method: "GET", path: "/health/live" }),
  status: 200,
};

/** @param run names events, so that each run sends new ones */
export function makeKinds({ items, events }: BenchShop, run: string) {
  const random = new Random(run);
  const shoppers = [...new Set(events.map((event) => event.anonymous_id))];
  const awake = shoppers.slice(-AWAKE);
  const nextAwake = takeTurns(awake);
  const asleep = shoppers.slice(0, -AWAKE);
  const nextAsleep = takeTurns(asleep);
  const viewed = events.flatMap((event) => event.items?.[0]?.item_id ?? []);
  const categories = items.map((item) => item.item_category);
  let count = 0;
  function makeEvent(): WireEvent {
    count += 1;
    const anonymous_id = random.pick(awake);
    return {
      event_id: `${run}-${count}`,
      name: "view_item",
      timestamp: Date.now(),
      anonymous_id,
      session_id: `${run}-${anonymous_id}`,
      items: [{ item_id: random.pick(viewed), price: random.integer(1, 99) }],
    };
  }
  const get = (name: string, path: () => string): Kind => ({
    name,
    make: () => ({ method: "GET", path: `/v1/${path()}limit=${LIMIT}` }),
    status: 200,
  });
  const page = (surface: string, more = () => "") =>
    get(surface, () => {
      const query = `surface=${surface}&anonymous_id=${nextAwake()}${more()}`;
      return `recommendations?${query}&`;
    });
  /** Each shopper's home list is followed by the cart's. */
  function makePages(): Kind {
    let [shopper, lists] = ["", 0];
    return get("home and cart, of one page", () => {
      const surface = lists++ % 2 === 0 ? "home" : "cart";
      if (surface === "home") shopper = nextAwake();
      return `recommendations?surface=${surface}&anonymous_id=${shopper}&`;
    });
  }
  const post = (size: number): Kind => ({
    name: size === 1 ? "1 event" : `${size} events, of as many shoppers`,
    make: () => {
      const body = JSON.stringify({ events: Array.from({ length: size }, makeEvent) });
      return { method: "POST", path: "/v1/events", body };
    },
    status: 202,
  });
  return {
    home: page("home"),
    /** Half of the others in the warm-up and half in the round: by the next round they sleep again. */
    asleep: {
      ...get(
        "home, of an object that slept",
        () => `recommendations?surface=home&anonymous_id=${nextAsleep()}&`,
      ),
      most: Math.floor(asleep.length / 2),
    },
    others: [
      page("product", () => `&item_id=${random.pick(viewed)}`),
      page("cart"),
      page("category", () => `&category=${random.pick(categories)}`),
      makePages(),
      get("similar", () => `items/${random.pick(viewed)}/similar?`),
      get("bought together", () => `items/${random.pick(viewed)}/bought-together?`),
      get("trending", () => "trending?"),
      rerank(random, nextAwake, items),
      get("search, two words", () => {
        const words = random.pick(items).item_name.split(" ");
        return `search?q=${encodeURIComponent(words.slice(-2).join(" "))}&anonymous_id=${nextAwake()}&`;
      }),
    ],
    events: [post(1), post(EVENTS_IN_BATCH)],
  };
}

/** One after the other, and again from the first; "" where there is none. */
function takeTurns(list: readonly string[]): () => string {
  let turn = 0;
  return () => list[turn++ % list.length] ?? "";
}

/** A search result: so many items in a row, from anywhere in the catalogue. */
function rerank(random: Random, nextShopper: () => string, items: readonly BenchItem[]): Kind {
  return {
    name: `rerank, ${RERANKED} ids`,
    make: () => {
      const start = random.integer(0, Math.max(0, items.length - RERANKED));
      const found = items.slice(start, start + RERANKED).map(({ item_id }) => ({ item_id }));
      const body = { anonymous_id: nextShopper(), items: found, limit: LIMIT };
      return { method: "POST", path: "/v1/rerank", body: JSON.stringify(body) };
    },
    status: 200,
  };
}
