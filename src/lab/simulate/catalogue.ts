// Makes the catalogue of the simulated shop, with the hidden ties between items that shoppers follow.
import { BRANDS, CATEGORIES, MODEL_NAMES, type Category } from "./assortment.ts";
import type { Random } from "./random.ts";

/** One line of `PUT /v1/items`. */
export type SimulatedItem = {
  item_id: string;
  item_name: string;
  item_category: string;
  item_brand: string;
  /** In euros. */
  price: number;
  currency: "EUR";
  stock: number;
};

/** What the shop does not tell: how an item draws shoppers, and where they go from it. */
export type HiddenItem = {
  item_id: string;
  title: string;
  category: string;
  brand: string;
  price: number;
  stock: number;
  /** Zipf-like draw within its category. */
  draw: number;
  /** Style in [0, 1): shoppers stay near their own. */
  style: number;
  /** Items that shoppers compare it with, likeliest first. */
  substitutes: HiddenItem[];
  /** Items of other categories that complete it, likeliest first. */
  complements: HiddenItem[];
};

/** So that 12 categories give 480 items: enough that chance and popularity do badly, small enough to seed in seconds. */
const ITEMS_PER_CATEGORY = 40;
const SUBSTITUTES = 12;
const COMPLEMENTS = 8;

function makeItem(random: Random, category: Category, rank: number): HiddenItem {
  const brand = random.pick(BRANDS);
  const noun = random.pick(category.nouns);
  const price = Math.max(3, random.logNormal(category.price * brand.level, 0.3));
  const code = category.name.slice(0, 3).toUpperCase();
  return {
    item_id: `${code}-${String(rank + 1).padStart(3, "0")}`,
    title: `${brand.name} ${random.pick(MODEL_NAMES)} ${noun}`,
    category: category.name,
    brand: brand.name,
    price: Math.round(price) - 0.05,
    stock: random.chance(0.03) ? 0 : random.integer(5, 400),
    draw: 1 / (rank + 2) ** 0.8,
    style: random.next(),
    substitutes: [],
    complements: [],
  };
}

/** Smaller is nearer: style, brand, and price on a logarithmic scale. */
function distance(a: HiddenItem, b: HiddenItem): number {
  const brand = a.brand === b.brand ? 0 : 0.15;
  return Math.abs(a.style - b.style) + brand + 0.3 * Math.abs(Math.log(a.price / b.price));
}

function nearest(item: HiddenItem, among: readonly HiddenItem[], count: number): HiddenItem[] {
  return among
    .filter((other) => other !== item)
    .toSorted((a, b) => distance(item, a) - distance(item, b))
    .slice(0, count);
}

export function makeCatalogue(random: Random): HiddenItem[] {
  const items = CATEGORIES.flatMap((category) =>
    Array.from({ length: ITEMS_PER_CATEGORY }, (_, rank) => makeItem(random, category, rank)),
  );
  const byCategory = Map.groupBy(items, (item) => item.category);
  for (const category of CATEGORIES) {
    const own = byCategory.get(category.name) ?? [];
    const completing = category.complements.flatMap((name) => byCategory.get(name) ?? []);
    for (const item of own) {
      item.substitutes = nearest(item, own, SUBSTITUTES);
      item.complements = nearest(item, completing, COMPLEMENTS);
    }
  }
  return items;
}

/** The item as the shop publishes it. */
export function publishItem({
  item_id,
  title,
  category,
  brand,
  price,
  stock,
}: HiddenItem): SimulatedItem {
  return {
    item_id,
    item_name: title,
    item_category: category,
    item_brand: brand,
    price,
    currency: "EUR",
    stock,
  };
}
