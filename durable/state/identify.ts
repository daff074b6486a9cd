// `identify`: an anonymous shopper's history joins the user's, once, wherever the two streams stand.
// Pure: who calls whom, and what is remembered in between, is the business of the object (or of the offline fold).
import type { ShopEvent } from "./event.ts";
import type { Verdict, ShopperStream, WindowEntry } from "./receive.ts";
import { emptyStream, foldEntry, join, LATENESS_WINDOW, mergeBelow, receive } from "./receive.ts";
import type { Touch } from "./reminders/state.ts";
import type { ShopperState } from "./shopper.ts";

/**
 * What an anonymous shopper hands over. Events within the lateness window of the `identify` go on as events, so that
 * others can still come between them; all before is folded, and merged at the position of the `identify`.
 */
export type ShopperHistory = {
  past: ShopperState;
  recent: WindowEntry[];
  late: number;
  /** Reminders that this visitor was given; absent in histories of versions that gave none. */
  touches?: readonly Touch[];
};

/** To whom an anonymous shopper's events go, since which `identify`, and whether that came with proof. */
export type Link = { to: string; timestamp: number; event_id: string; proven: boolean };

/** Null for a shopper without any history. */
export function handOver(stream: ShopperStream, identify: ShopEvent): ShopperHistory | null {
  if (stream.watermark === null) return null;
  const since = identify.timestamp - LATENESS_WINDOW;
  const isRecent = (entry: WindowEntry) => entry.event.timestamp >= since;
  return {
    past: stream.window.filter((entry) => !isRecent(entry)).reduce(foldEntry, stream.checkpoint),
    recent: stream.window.filter(isRecent),
    late: stream.late,
  };
}

/**
 * The user's stream with the history in it. What would belong below the user's floor cannot be placed in order any
 * more, so it is merged there: a history is never lost for being late.
 */
export function absorbHistory(
  stream: ShopperStream,
  history: ShopperHistory | null,
  identify: ShopEvent,
): { stream: ShopperStream; verdict: Verdict } {
  if (history === null) {
    const { stream: next, verdicts } = receive(stream, [identify]);
    return { stream: next, verdict: verdicts[0] ?? "duplicate" };
  }
  const counted = { ...stream, late: stream.late + history.late };
  const recent = join(counted, history.recent);
  const past = recent.misplaced.reduce(foldEntry, history.past);
  const joined = join(recent.stream, [{ event: identify, history: past }]);
  if (joined.misplaced.length === 0) return { stream: joined.stream, verdict: "applied" };
  const below = mergeBelow(joined.stream, past);
  return { stream: { ...below, late: below.late + 1 }, verdict: "late" };
}

/** The history without events that the user's side has seen already. `isNews` is asked once for each id. */
export function withoutKnown(
  history: ShopperHistory,
  isNews: (event_id: string) => boolean,
): ShopperHistory {
  return { ...history, recent: history.recent.filter(({ event }) => isNews(event.event_id)) };
}

/** The link after an `identify`: the latest in event order wins. */
export function chooseLink(
  link: Link | null,
  to: string,
  { timestamp, event_id }: ShopEvent,
  proven = true,
): Link {
  const candidate = { to, timestamp, event_id, proven };
  if (link === null || link.timestamp < candidate.timestamp) return candidate;
  if (link.timestamp > candidate.timestamp) return link;
  return link.event_id < candidate.event_id ? candidate : link;
}

/** What is left of the anonymous shopper. */
export const SURRENDERED: ShopperStream = emptyStream();
