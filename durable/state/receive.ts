// The rule of order: which events a shopper's stream takes, and what its state is after them.
import type { ShopEvent } from "./event.ts";
import type { ShopperState } from "./shopper.ts";

/** A point in event order; see `compareEvents`. */
export type Place = { timestamp: number; event_id: string };

/** One event that may still be joined by others before it. `history`: an `identify` brings an anonymous shopper's past. */
export type WindowEntry = { event: ShopEvent; history: ShopperState | null };

/** What an anonymous shopper hands to the user at `identify`: the folded past, and the events still in the window. */
export type ShopperHistory = { past: ShopperState; recent: WindowEntry[]; late: number };
