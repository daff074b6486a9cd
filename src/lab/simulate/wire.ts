// The wire form of events, as the simulator writes it and `POST /v1/events` reads it.
import type { EventName } from "../../../durable/state/event.ts";

export type WireConsent = { analytics: boolean; personalization: boolean };

export type WireLine = {
  item_id: string;
  /** In units of the currency, with decimals. */
  price?: number;
  quantity?: number;
  item_category?: string;
  item_brand?: string;
  item_list_id?: string;
  index?: number;
};

export type WireEvent = {
  event_id: string;
  name: EventName;
  /** ms since the epoch. */
  timestamp: number;
  anonymous_id: string;
  user_id?: string;
  session_id?: string;
  items?: WireLine[];
  value?: number;
  currency?: string;
  search_term?: string;
  transaction_id?: string;
  consent?: WireConsent;
  context?: { country?: string; device?: string };
};
