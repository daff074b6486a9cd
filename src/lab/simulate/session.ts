// One visit of a simulated shopper: a walk over items that hang together, and the funnel from look to order.
import { CATEGORIES } from "./assortment.ts";
import type { HiddenItem } from "./catalogue.ts";
import type { Random } from "./random.ts";
import { cartLines, cartValue, record, toLine, type ShopperMemory } from "./recorder.ts";
import { categoryWeight, itemWeight, type SimulatedShopper } from "./shopper.ts";
import type { WireEvent } from "./wire.ts";

export type Shelf = ReadonlyMap<string, { items: HiddenItem[]; typicalPrice: number }>;

export type Visit = {
  shelf: Shelf;
  shopper: SimulatedShopper;
  memory: ShopperMemory;
  random: Random;
  /** ms since the epoch. */
  start: number;
  dayOfYear: number;
};

/** Seconds between two clicks: median and spread, as click logs of shops show them. */
const CLICK_GAP_S = { median: 28, spread: 0.9 };
/** A walk ends after each look with this probability: about five looks a session. */
const LEAVE = 0.2;
/** No visit is longer, however the dice fall. */
const MAX_LOOKS = 40;
const LISTED = 8;

/** Where a shopper goes after a look, by weight. After a cart line, complements come first. */
const STEPS = {
  looking: { substitute: 0.62, complement: 0.12, sameCategory: 0.16, elsewhere: 0.1 },
  carted: { substitute: 0.1, complement: 0.65, sameCategory: 0.1, elsewhere: 0.15 },
} as const;
type Step = keyof (typeof STEPS)["looking"];
const STEP_NAMES: readonly Step[] = ["substitute", "complement", "sameCategory", "elsewhere"];

function pickCategory({ shopper, random, dayOfYear }: Visit): string {
  return random.pickWeighted(CATEGORIES, (category) => categoryWeight(shopper, category, dayOfYear))
    .name;
}

function pickItem({ shelf, shopper, random }: Visit, category: string): HiddenItem {
  const { items, typicalPrice } = shelf.get(category) ?? { items: [], typicalPrice: 1 };
  return random.pickWeighted(items, (item) => itemWeight(shopper, item, typicalPrice));
}

/** The likeliest first; each next one is a fifth less likely, so that no single follower decides. */
function pickNear(random: Random, ranked: readonly HiddenItem[]): HiddenItem {
  const options = ranked.map((item, index) => ({ item, weight: 0.8 ** index }));
  return random.pickWeighted(options, ({ weight }) => weight).item;
}

function nextItem(visit: Visit, current: HiddenItem, carted: boolean): HiddenItem {
  const { random } = visit;
  const weights = carted ? STEPS.carted : STEPS.looking;
  const step = random.pickWeighted(STEP_NAMES, (name) => weights[name]);
  if (step === "substitute") return pickNear(random, current.substitutes);
  if (step === "complement") return pickNear(random, current.complements);
  return pickItem(visit, step === "sameCategory" ? current.category : pickCategory(visit));
}

/** Plays one visit and records its events; returns the time at which it ended. */
export function playVisit(visit: Visit): number {
  const { shopper, memory, random, shelf } = visit;
  memory.sessions += 1;
  // The login of the last visit may have expired.
  if (memory.loggedIn && random.chance(0.2)) memory.loggedIn = false;
  const session_id = `${shopper.anonymous_id}-s${memory.sessions}`;
  let time = visit.start;
  const pause = (): void => {
    time += Math.round(
      1000 * Math.max(1, random.logNormal(CLICK_GAP_S.median, CLICK_GAP_S.spread)),
    );
  };
  const tell = (name: WireEvent["name"], details: Partial<WireEvent> = {}): void => {
    record(shopper, memory, name, time, { session_id, ...details });
    pause();
  };
  const logIn = (): void => {
    if (memory.loggedIn || shopper.user_id === null) return;
    memory.loggedIn = true;
    tell("identify");
  };

  if (random.chance(0.1)) logIn();
  const returning = memory.lastViewed !== null && random.chance(0.35);
  const category = pickCategory(visit);
  let item =
    returning && memory.lastViewed !== null ? memory.lastViewed : pickItem(visit, category);
  const entry = returning ? 1 : random.next();
  if (entry < 0.2) {
    tell("search", { search_term: item.title.split(" ").slice(-1).join(" ").toLowerCase() });
  } else if (entry < 0.45) {
    const list = (shelf.get(item.category)?.items ?? []).filter((other) => other !== item);
    const start = random.integer(0, Math.max(0, list.length - LISTED));
    const position = random.integer(0, LISTED - 1);
    const shown = list.slice(start, start + LISTED - 1).toSpliced(position, 0, item);
    const item_list_id = `category:${item.category}`;
    tell("view_item_list", {
      items: shown.map((one, index) => toLine(one, { item_list_id, index })),
    });
    tell("select_item", { items: [toLine(item, { item_list_id, index: position })] });
  }

  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    tell("view_item", { items: [toLine(item)] });
    memory.lastViewed = item;
    const carted =
      item.stock > 0 &&
      random.chance(shopper.eagerness) &&
      !memory.cart.some((line) => line.item === item);
    if (carted) {
      const quantity = random.chance(0.12) ? 2 : 1;
      memory.cart.push({ item, quantity });
      const value = cartValue([{ item, quantity }]);
      tell("add_to_cart", { items: [toLine(item, { quantity })], currency: "EUR", value });
    }
    if (random.chance(LEAVE)) break;
    item = nextItem(visit, item, carted);
  }
  if (memory.cart.length > 0 && random.chance(0.75)) checkOut(visit, tell, logIn);
  return time;
}

/** The funnel behind the cart page; most carts get lost on the way, as everywhere. */
function checkOut(
  { shopper, memory, random }: Visit,
  tell: (name: WireEvent["name"], details?: Partial<WireEvent>) => void,
  logIn: () => void,
): void {
  tell("view_cart", {
    items: cartLines(memory.cart),
    currency: "EUR",
    value: cartValue(memory.cart),
  });
  if (random.chance(0.15)) {
    const dropped = random.pick(memory.cart);
    memory.cart = memory.cart.filter((line) => line !== dropped);
    tell("remove_from_cart", { items: cartLines([dropped]) });
  }
  if (memory.cart.length === 0 || !random.chance(0.6)) return;
  if (random.chance(0.7)) logIn();
  const order = { items: cartLines(memory.cart), currency: "EUR", value: cartValue(memory.cart) };
  tell("begin_checkout", order);
  if (!random.chance(0.75)) return;
  tell("purchase", { ...order, transaction_id: `${shopper.anonymous_id}-o${memory.sessions}` });
  memory.cart = [];
}
