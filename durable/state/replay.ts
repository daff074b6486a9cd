// The offline fold: a whole shop's events through the rules that the stream of each shopper obeys.
// It does what Shopper objects do together, in memory: `verify-fold` and training read their states here.
import type { ShopEvent } from "./event.ts";
import type { Link } from "./identify.ts";
import { absorbHistory, chooseLink, handOver, SURRENDERED, withoutKnown } from "./identify.ts";
import type { Verdict, ShopperStream } from "./receive.ts";
import { emptyStream, receive } from "./receive.ts";
import type { ShopperState } from "./shopper.ts";

/** Streams and links by pseudonym, and the event ids that each shopper has seen. */
export type ReplayedShop = {
  streams: Map<string, ShopperStream>;
  links: Map<string, Link>;
  seen: Map<string, Set<string>>;
};

export function emptyShop(): ReplayedShop {
  return { streams: new Map(), links: new Map(), seen: new Map() };
}

/** Where a shopper stands now: in its own stream or that of the user it has become; null for one never seen. */
export function replayedState(shop: ReplayedShop, shopper: string): ShopperState | null {
  return shop.streams.get(ownerOf(shop, shopper))?.live ?? null;
}

function ownerOf(shop: ReplayedShop, shopper: string): string {
  return shop.links.get(shopper)?.to ?? shopper;
}

/** Folds one event of `shopper` (or of the user whom that shopper has become), in the order of arrival. */
export function replayEvent(shop: ReplayedShop, shopper: string, event: ShopEvent): Verdict {
  const owner = ownerOf(shop, shopper);
  if (owner !== shopper && !remember(shop, shopper, event.event_id)) return "duplicate";
  if (!remember(shop, owner, event.event_id)) return "duplicate";
  const { stream, verdicts } = receive(streamOf(shop, owner), [event]);
  shop.streams.set(owner, stream);
  return verdicts[0] ?? "duplicate";
}

/** Folds an `identify` by which `anonymous` turns out to be `user`. */
export function replayIdentify(
  shop: ReplayedShop,
  anonymous: string,
  user: string,
  event: ShopEvent,
): Verdict {
  if (!remember(shop, user, event.event_id)) return "duplicate";
  const all = handOver(streamOf(shop, anonymous), event);
  const history =
    all === null ? null : withoutKnown(all, (event_id) => remember(shop, user, event_id));
  const { stream, verdict } = absorbHistory(streamOf(shop, user), history, event);
  shop.streams.set(user, stream);
  shop.streams.set(anonymous, SURRENDERED);
  shop.links.set(anonymous, chooseLink(shop.links.get(anonymous) ?? null, user, event));
  return verdict;
}

function streamOf(shop: ReplayedShop, shopper: string): ShopperStream {
  return shop.streams.get(shopper) ?? emptyStream();
}

function remember(shop: ReplayedShop, shopper: string, event_id: string): boolean {
  const seen = shop.seen.get(shopper) ?? new Set();
  if (seen.has(event_id)) return false;
  shop.seen.set(shopper, seen.add(event_id));
  return true;
}
