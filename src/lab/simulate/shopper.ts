// The shoppers of the simulated shop: who they are and what they like.
import { CATEGORIES, type Category } from "./assortment.ts";
import type { HiddenItem } from "./catalogue.ts";
import type { Random } from "./random.ts";
import type { WireConsent } from "./wire.ts";

export type SimulatedShopper = {
  anonymous_id: string;
  /** Null for those who never open an account. */
  user_id: string | null;
  consent: WireConsent;
  country: string;
  device: "mobile" | "desktop";
  /** Expected sessions per day. */
  rate: number;
  /** 1 is the typical price of a category; below is thrifty, above is fond of the best. */
  priceLevel: number;
  style: number;
  brand: string | null;
  tastes: ReadonlyMap<string, number>;
  /** How readily a look becomes a cart line. */
  eagerness: number;
};

/** Most shoppers agree to everything; some to half of it. As sites in the EU report, roughly. */
function drawConsent(random: Random): WireConsent {
  const draw = random.next();
  if (draw < 0.86) return { analytics: true, personalization: true };
  if (draw < 0.92) return { analytics: true, personalization: false };
  if (draw < 0.96) return { analytics: false, personalization: true };
  return { analytics: false, personalization: false };
}

/** Three categories liked much, the rest a little. */
function drawTastes(random: Random): Map<string, number> {
  const tastes = new Map(CATEGORIES.map((category) => [category.name, 0.15 * random.next()]));
  for (let i = 0; i < 3; i++) {
    const liked = random.pickWeighted(CATEGORIES, (category) => category.pull);
    tastes.set(liked.name, 0.5 + random.next());
  }
  return tastes;
}

export function makeShopper(
  random: Random,
  number: number,
  brands: readonly string[],
): SimulatedShopper {
  return {
    anonymous_id: `device-${number}`,
    user_id: random.chance(0.4) ? `customer-${number}` : null,
    consent: drawConsent(random),
    country: random.pickWeighted(["DE", "AT", "NL", "FR"], (code) => (code === "DE" ? 5 : 1)),
    device: random.chance(0.6) ? "mobile" : "desktop",
    rate: Math.min(2, random.logNormal(0.12, 0.8)),
    priceLevel: random.logNormal(1, 0.35),
    style: random.next(),
    brand: random.chance(0.5) ? random.pick(brands) : null,
    tastes: drawTastes(random),
    eagerness: random.between(0.05, 0.2),
  };
}

/** How much a category draws this shopper on a day; `dayOfYear` in [0, 365). */
export function categoryWeight(
  shopper: SimulatedShopper,
  category: Category,
  dayOfYear: number,
): number {
  const phase = 2 * Math.PI * (dayOfYear / 365 - (category.peak + 0.5) / 12);
  return (shopper.tastes.get(category.name) ?? 0.01) * (1 + category.swing * Math.cos(phase));
}

/** How much an item draws this shopper within its category. */
export function itemWeight(
  shopper: SimulatedShopper,
  item: HiddenItem,
  typicalPrice: number,
): number {
  const priceGap = Math.log(item.price / (typicalPrice * shopper.priceLevel));
  const styleGap = item.style - shopper.style;
  const brand = item.brand === shopper.brand ? 3 : 1;
  return item.draw * brand * Math.exp(-(priceGap ** 2) / 0.5 - styleGap ** 2 / 0.08);
}
