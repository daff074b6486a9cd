// The known attacks, each with the publishable key alone. What it moves is read by whoever runs it; what else it does,
// such as to one victim, it tells itself.
import { WILLING } from "./attacker.ts";
import type { Outcome, Scene } from "./scene.ts";
import {
  freezeVictim,
  readStranger,
  sendFarDays,
  stopRollUp,
  takeStrangersCart,
} from "./against-one.ts";

export type Attack = { name: string; run: (scene: Scene) => Promise<Outcome> };

/** A country that no shopper of the shop is from. */
const ELSEWHERE = "NZ";

export const ATTACKS: readonly Attack[] = [
  {
    name: "one visitor views one item 500 times",
    run: (scene) => flood(scene, "one-views", 500, {}),
  },
  {
    name: "one visitor places 100 orders of 100 lines",
    run: (scene) =>
      flood(scene, "one-buys", 100, {
        name: "purchase",
        items: Array.from({ length: 100 }, () => ({ item_id: scene.obscure, price: 1 })),
      }),
  },
  {
    name: "one visitor views an item every hour of a month",
    run: (scene) => flood(scene, "one-daily", 720, {}, 3_600_000),
  },
  { name: "one in 100 shoppers buys one item", run: buyTogether },
  { name: "one visitor carts a pair in 150 sessions", run: cartPair },
  {
    name: "one visitor is all there is from a country",
    run: (scene) => flood(scene, "one-abroad", 200, { context: { country: ELSEWHERE } }),
  },
  { name: "20,000 unknown items", run: sendUnknown },
  { name: "a crawler by its own name", run: crawl },
  { name: "stamps of the near future freeze a victim", run: freezeVictim },
  { name: "a stranger's history by user id", run: readStranger },
  { name: "a stranger's cart by identify", run: takeStrangersCart },
  { name: "an order beyond counting stops the roll-up", run: stopRollUp },
  { name: "9,000 events of 9,000 days", run: sendFarDays },
];

async function flood(
  { attacker, obscure, now }: Scene,
  who: string,
  times: number,
  event: object,
  apart = 0,
): Promise<Outcome> {
  const events = Array.from({ length: times }, (_, i) => ({
    ...WILLING,
    event_id: `${who}-${i}`,
    anonymous_id: who,
    timestamp: now - i * apart,
    items: [{ item_id: obscure, price: 1 }],
    ...event,
  }));
  return { ...(await attacker.send(events)), harm: null };
}

async function buyTogether({ attacker, shop, obscure, now }: Scene): Promise<Outcome> {
  const events = Array.from({ length: Math.floor(shop.shoppers / 100) }, (_, i) => ({
    ...WILLING,
    name: "purchase",
    event_id: `agreed-${i}`,
    transaction_id: `agreed-${i}`,
    anonymous_id: `agreed-${i}`,
    timestamp: now,
    items: [{ item_id: obscure, price: 1 }],
  }));
  return { ...(await attacker.send(events)), harm: null };
}

async function cartPair({ attacker, shop, obscure, now }: Scene): Promise<Outcome> {
  const events = Array.from({ length: 300 }, (_, i) => ({
    ...WILLING,
    name: "add_to_cart",
    event_id: `pair-${i}`,
    anonymous_id: "pair",
    session_id: `pair-${Math.floor(i / 2)}`,
    timestamp: now - 1000 + i,
    items: [{ item_id: i % 2 === 0 ? shop.popular : obscure }],
  }));
  return { ...(await attacker.send(events)), harm: null };
}

async function sendUnknown({ attacker, now }: Scene): Promise<Outcome> {
  const events = Array.from({ length: 200 }, (_, i) => ({
    ...WILLING,
    event_id: `unknown-${i}`,
    anonymous_id: `unknown-${i}`,
    timestamp: now,
    items: Array.from({ length: 100 }, (_each, line) => ({ item_id: `made-up-${i}-${line}` })),
  }));
  return { ...(await attacker.send(events)), harm: null };
}

async function crawl({ attacker, obscure, now }: Scene): Promise<Outcome> {
  const events = Array.from({ length: 100 }, (_, i) => ({
    ...WILLING,
    event_id: `crawl-${i}`,
    anonymous_id: `crawl-${i}`,
    timestamp: now,
    items: [{ item_id: obscure }],
  }));
  const agent = "Mozilla/5.0 (compatible; ShopBot/1.0; +https://bot.example/about)";
  return { ...(await attacker.send(events, agent)), harm: null };
}
