// The rule of order: which events a shopper's stream takes, and what its state is after them.
// Stream and offline fold both go through here, so they agree. It does not know ids: duplicates are dropped before.
import type { EventName, ShopEvent } from "./event.ts";
import { compareEvents, type EventPosition } from "./event.ts";
import { mergeShoppers } from "./merge.ts";
import type { ShopperState } from "./shopper.ts";
import { isOrderEvent } from "./orders/order.ts";
import { emptyShopper, foldLateOrder, foldShopper } from "./shopper.ts";

/** One event that may still be joined by others before it. `history`: an `identify` brings an anonymous shopper's past. */
export type WindowEntry = { event: ShopEvent; history: ShopperState | null };

/** All that one shopper's events have come to. */
export type ShopperStream = {
  /** Every event up to `floor`, folded. */
  checkpoint: ShopperState;
  floor: EventPosition | null;
  /** Every event after `floor`, in event order. */
  window: readonly WindowEntry[];
  /** The latest event time seen, ms. */
  watermark: number | null;
  /** Events that came too late to be folded. */
  late: number;
  /** The checkpoint with the window folded on top. */
  live: ShopperState;
};

/**
 * `duplicate`: it was taken before. `late`: beyond the lateness window, so logged and counted, not folded. What is told
 * of orders is never late.
 */
export type Verdict = "applied" | "duplicate" | "late";

/**
 * An event may arrive this much (ms) behind the latest one, in any order, and the state is as if it had come in time.
 * An hour covers a phone that was in a tunnel and a client that retries; longer would mean keeping more raw events.
 */
export const LATENESS_WINDOW = 3_600_000;

/**
 * Raw events are kept for this long behind the watermark, ms. Twice the window, so that those within the window of an
 * `identify` are still there when it arrives as late as it may.
 */
const KEPT_WINDOW = 2 * LATENESS_WINDOW;

/** Older events stay unfolded until there are this many (in weight): most shoppers never need a checkpoint. */
const LAZY_WEIGHT = 64;

/** How much longer than `KEPT_WINDOW` a busy shopper's events stay, ms: one checkpoint an hour, not one an event. */
const CHECKPOINT_PERIOD = LATENESS_WINDOW;

/** Above this (in weight) the window keeps no more than it must: what is within `LATENESS_WINDOW`. */
export const WINDOW_WEIGHT = 2_000;

/** How much longer than that a very busy shopper's events stay, ms: a checkpoint now and then, not one an event. */
const BUSY_PERIOD = 600_000;

/**
 * The most that the window holds (in weight): an hour of two events a second. What comes then is not folded, for to fold
 * it would make late what is still on its way.
 */
export const FULL_WEIGHT = 8_000;

const LISTS: ReadonlySet<EventName> = new Set<EventName>(["view_item_list", "search"]);

/** A history weighs about as much as this many item lines. */
const HISTORY_WEIGHT = 50;

export function emptyStream(): ShopperStream {
  const state = emptyShopper();
  return { checkpoint: state, floor: null, window: [], watermark: null, late: 0, live: state };
}

/** Takes events in the order of their arrival; one verdict for each. */
export function receive(
  stream: ShopperStream,
  events: readonly ShopEvent[],
): { stream: ShopperStream; verdicts: Verdict[] } {
  const draft = startDraft(stream);
  const verdicts = events.map((event) => take(draft, event));
  return { stream: finishDraft(draft), verdicts };
}

function take(draft: Draft, event: ShopEvent): Verdict {
  const entry = { event: withoutUnread(event), history: null };
  const isOver = draft.weight + weigh(entry) > FULL_WEIGHT;
  if (isOrderEvent(event)) {
    if (isOver || isBeforeFloor(draft, event)) return takeLateOrder(draft, event);
  } else if (isOver || isLate(draft, event)) {
    draft.late++;
    return "late";
  }
  return insert(draft, entry) ? "applied" : "duplicate";
}

/** Lists of items tell the folds no more than that there was one: hundreds of lines of each page would fill the window. */
function withoutUnread(event: ShopEvent): ShopEvent {
  return LISTS.has(event.name) && event.items.length > 0 ? { ...event, items: [] } : event;
}

/** What it says of the order holds wherever it stands, so it goes below everything. */
function takeLateOrder(draft: Draft, event: ShopEvent): Verdict {
  draft.checkpoint = foldLateOrder(draft.checkpoint, event);
  draft.live = null;
  return "applied";
}

/**
 * Takes entries whose position in event order counts, not how late they arrive: those of an anonymous shopper's window.
 * Returns the ones before the floor, which cannot be placed any more.
 */
export function join(
  stream: ShopperStream,
  entries: readonly WindowEntry[],
): { stream: ShopperStream; misplaced: WindowEntry[] } {
  const draft = startDraft(stream);
  const misplaced = entries.filter((entry) => {
    if (isBeforeFloor(draft, entry.event)) return true;
    // A history must not be lost because its `identify` is in the window already, without one.
    return !insert(draft, entry) && entry.history !== null;
  });
  return { stream: finishDraft(draft), misplaced };
}

/** Merges a past that has no position of its own any more, below everything that is still in the window. */
export function mergeBelow(stream: ShopperStream, past: ShopperState): ShopperStream {
  const checkpoint = mergeShoppers(stream.checkpoint, past);
  return { ...stream, checkpoint, live: stream.window.reduce(foldEntry, checkpoint) };
}

export function foldEntry(state: ShopperState, entry: WindowEntry): ShopperState {
  const whole = entry.history === null ? state : mergeShoppers(state, entry.history);
  return foldShopper(whole, entry.event);
}

/** Being worked on: `live` is null once an event came out of order, and is folded again at the end. */
type Draft = Omit<ShopperStream, "window" | "live"> & {
  window: WindowEntry[];
  weight: number;
  live: ShopperState | null;
};

function startDraft(stream: ShopperStream): Draft {
  const weight = stream.window.reduce((sum, entry) => sum + weigh(entry), 0);
  return { ...stream, window: [...stream.window], weight };
}

function finishDraft(draft: Draft): ShopperStream {
  const { checkpoint, floor, window, watermark, late } = draft;
  const live = draft.live ?? window.reduce(foldEntry, checkpoint);
  return { checkpoint, floor, window, watermark, late, live };
}

function isLate(draft: Draft, event: ShopEvent): boolean {
  const oldest = (draft.watermark ?? event.timestamp) - LATENESS_WINDOW;
  return event.timestamp < oldest || isBeforeFloor(draft, event);
}

function isBeforeFloor({ floor }: Draft, event: ShopEvent): boolean {
  return floor !== null && compareEvents(event, floor) <= 0;
}

function insert(draft: Draft, entry: WindowEntry): boolean {
  let index = draft.window.length;
  while (index > 0) {
    const before = draft.window[index - 1];
    const order = before === undefined ? 1 : compareEvents(entry.event, before.event);
    if (order === 0) return false;
    if (order > 0) break;
    index--;
  }
  const isInOrder = index === draft.window.length;
  draft.window.splice(index, 0, entry);
  draft.weight += weigh(entry);
  draft.live = isInOrder && draft.live !== null ? foldEntry(draft.live, entry) : null;
  draft.watermark = Math.max(draft.watermark ?? entry.event.timestamp, entry.event.timestamp);
  compact(draft, draft.watermark);
  return true;
}

/** Moves what is old into the checkpoint. Only the checkpoint and the window change, never the live state. */
function compact(draft: Draft, watermark: number): void {
  const oldest = draft.window[0]?.event.timestamp ?? watermark;
  const isDue = draft.weight > LAZY_WEIGHT && oldest < watermark - KEPT_WINDOW - CHECKPOINT_PERIOD;
  const isBusy = draft.weight > WINDOW_WEIGHT && oldest < watermark - LATENESS_WINDOW - BUSY_PERIOD;
  if (!isDue && !isBusy) return;
  const kept = isBusy ? LATENESS_WINDOW : KEPT_WINDOW;
  const mustGo = (entry: WindowEntry) => entry.event.timestamp < watermark - kept;
  let count = 0;
  for (const entry of draft.window) {
    if (!mustGo(entry)) break;
    draft.checkpoint = foldEntry(draft.checkpoint, entry);
    draft.floor = positionOf(entry.event);
    draft.weight -= weigh(entry);
    count++;
  }
  draft.window.splice(0, count);
}

function positionOf({ timestamp, tie, name, event_id }: ShopEvent): EventPosition {
  return { timestamp, tie, name, event_id };
}

function weigh(entry: WindowEntry): number {
  return 1 + entry.event.items.length + (entry.history === null ? 0 : HISTORY_WEIGHT);
}
