// Writes down what a simulated shopper does, in wire form. Knows the envelope, not the behaviour.
import type { EventName } from "../../../durable/state/event.ts";
import type { HiddenItem } from "./catalogue.ts";
import type { SimulatedShopper } from "./shopper.ts";
import type { WireEvent, WireLine } from "./wire.ts";

export type CartLine = { item: HiddenItem; quantity: number };

/** What a shopper carries from session to session. */
export type ShopperMemory = {
  loggedIn: boolean;
  lastViewed: HiddenItem | null;
  cart: CartLine[];
  sessions: number;
  events: WireEvent[];
};

export function freshMemory(): ShopperMemory {
  return { loggedIn: false, lastViewed: null, cart: [], sessions: 0, events: [] };
}

export function toLine(item: HiddenItem, more: Partial<WireLine> = {}): WireLine {
  return {
    item_id: item.item_id,
    price: item.price,
    quantity: 1,
    item_category: item.category,
    item_brand: item.brand,
    ...more,
  };
}

export function cartLines(cart: readonly CartLine[]): WireLine[] {
  return cart.map(({ item, quantity }) => toLine(item, { quantity }));
}

/** In euros, rounded to cents. */
export function cartValue(cart: readonly CartLine[]): number {
  const sum = cart.reduce((total, { item, quantity }) => total + item.price * quantity, 0);
  return Math.round(sum * 100) / 100;
}

/** Appends one event to the shopper's memory; its id counts the shopper's events, so it is the same in every run. */
export function record(
  shopper: SimulatedShopper,
  memory: ShopperMemory,
  name: EventName,
  timestamp: number,
  details: Partial<WireEvent>,
): void {
  memory.events.push({
    event_id: `${shopper.anonymous_id}-${memory.events.length + 1}`,
    name,
    timestamp,
    anonymous_id: shopper.anonymous_id,
    ...(memory.loggedIn && shopper.user_id !== null ? { user_id: shopper.user_id } : {}),
    ...details,
    consent: shopper.consent,
    context: { country: shopper.country, device: shopper.device },
  });
}
