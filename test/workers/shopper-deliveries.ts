// Deliveries for the tests of Shopper objects, and what they look at.
import { env } from "cloudflare:workers";
import type { Delivery, ShopperExport } from "../../durable/contract.ts";
import type { ShopEvent } from "../../durable/state/event.ts";
import { makeEvent, makeLine } from "../support/records.ts";

/** Event time of the tests' first events, ms. */
export const START = Date.UTC(2026, 0, 5, 12);

export function deliver(
  event_id: string,
  fields: Partial<ShopEvent> & { item_id?: string } = {},
  how: Partial<Delivery> = {},
): Delivery {
  const { item_id = "lamp", ...rest } = fields;
  const line = makeLine(item_id, { price: 900, category: "home" });
  return {
    event: makeEvent({ event_id, timestamp: START, items: [line], ...rest }),
    consent: { analytics: true, personalization: true },
    context: { country: null, device: null, referrer: null, page: null },
    received_at: START,
    fold: true,
    log: true,
    ...how,
  };
}

export function identify(event_id: string, timestamp = START + 60_000): Delivery {
  return deliver(event_id, { name: "identify", items: [], timestamp }, { proven: true });
}

/** A shopper of this test file alone. */
export function shopperNamed(name: string) {
  return env.SHOPPER.getByName(name);
}

/** The export of a shopper who is not linked. */
export async function exportOf(name: string): Promise<ShopperExport> {
  const result = await shopperNamed(name).export();
  if (result.kind === "linked") throw new Error(`${name} is linked to ${result.to}`);
  return result;
}
