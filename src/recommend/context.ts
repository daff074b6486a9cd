// What a request knows of its shopper, in the catalogue's numbers: read from the Shopper's snapshot and the request itself.
import type { RecentItem } from "../../durable/state/profile/profile.ts";
import { isDue } from "../../durable/state/orders/totals.ts";
import { findSession } from "../../durable/state/session.ts";
import type { Session } from "../../durable/state/session.ts";
import type { ShopperState } from "../../durable/state/shopper.ts";
import { EVENT_TYPES } from "../../models/next-item/data/event-log.ts";
import type { Step } from "../../models/next-item/serve/open-next-item.ts";
import type { CatalogItem } from "../catalog/catalog-item.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { listTouched, type Touched } from "../live/revisits.ts";
import type { RecommendRequest } from "./contract.ts";

/** As many items as the encoders look back on with profit, and neighbour methods need fewer. */
const MAX_CONTEXT = 20;

/** Liked categories whose trends take part. */
const LIKED_CATEGORIES = 3;

export type ShopperContext = {
  /** Items that lead to the next, oldest first, no two neighbours alike; the item in view is the last. */
  contextItems: CatalogItem[];
  /** Every step of it, with types and times; repeated items included. */
  steps: Step<CatalogItem>[];
  /** Those of the session that goes on, or of the last one: what a ranking model reads. */
  session: Step<CatalogItem>[];
  /** What the shopper's object tells; null for one never seen or who may not be known. */
  state: ShopperState | null;
  /** Items touched before, the one in view included. */
  seen: ReadonlySet<CatalogItem>;
  cart: CatalogItem[];
  /** The same with the number of touches of each, the latest first: what may be gone back to. */
  touched: Touched;
  /** What the shopper bought, as far as it is remembered; of that, what is still at hand and not to be bought yet. */
  bought: ReadonlySet<CatalogItem>;
  atHand: ReadonlySet<CatalogItem>;
  /** Bought more than once or long ago, likeliest first. */
  buyAgain: CatalogItem[];
  /** Codes of the categories that the shopper likes best, or that the context is in; best first. */
  categories: number[];
  /** Whether the shopper's own history takes part. */
  personal: boolean;
};

export function readContext(
  catalog: Catalog,
  request: RecommendRequest,
  state: ShopperState | null,
  now: number,
): ShopperContext {
  const profile = state?.profile;
  const number = (line: { item_id: string }) => catalog.find(line.item_id);
  const recent = profile?.recent ?? [];
  const touched = recent.map(number).filter((item) => item !== -1);
  const cart = (state?.cart.lines ?? []).map(number).filter((item) => item !== -1);
  const inView = request.item_id === null ? -1 : catalog.find(request.item_id);
  const steps = readSteps(catalog, recent);
  // The page's own event may have come before its question.
  if (inView !== -1 && steps.at(-1)?.item !== inView) {
    steps.push({ item: inView, type: "view_item", at: now });
  }
  const contextItems = steps
    .map(({ item }) => item)
    .filter((item, index, all) => item !== all[index + 1])
    .slice(-MAX_CONTEXT);
  const liked = (profile?.categories.weights ?? []).map(({ key }) => catalog.categories.find(key));
  return {
    contextItems,
    steps,
    session: lastSession(steps, profile?.open_sessions ?? []),
    state,
    seen: new Set(inView === -1 ? touched : [...touched, inView]),
    touched: listTouched(
      touched.at(-1) === inView || inView === -1 ? touched : [...touched, inView],
    ),
    cart,
    bought: new Set((profile?.purchases.bought ?? []).map(number)),
    atHand: new Set(
      (profile?.purchases.bought ?? []).filter((item) => !isDue(item, now)).map(number),
    ),
    buyAgain: findBuyAgain(catalog, state),
    categories: pickCategories(catalog, contextItems, liked),
    personal: touched.length > 0 || cart.length > 0,
  };
}

/**
 * Steps from the beginning of the session that the last one is of. Where sessions begin the shopper's own fold knows,
 * as models learned them; of the step that is in view it has not heard yet.
 */
function lastSession(
  steps: readonly Step<CatalogItem>[],
  sessions: readonly Session[],
): Step<CatalogItem>[] {
  const last = steps.at(-1);
  if (last === undefined) return [];
  const session =
    sessions.findLast(({ started_at, last_at }) => started_at <= last.at && last.at <= last_at) ??
    findSession(sessions, { session_id: null, timestamp: last.at });
  const start = Math.min(last.at, session?.started_at ?? last.at);
  return steps.filter(({ at }) => at >= start);
}

/** The events that models learn from. */
function readSteps(catalog: Catalog, recent: readonly RecentItem[]): Step<CatalogItem>[] {
  const steps: Step<CatalogItem>[] = [];
  for (const { item_id, name, at } of recent) {
    const type = EVENT_TYPES.find((each) => each === name);
    const item = catalog.find(item_id);
    if (type !== undefined && item !== -1) steps.push({ item, type, at });
  }
  return steps;
}

/** The category of the last item first, then what the shopper likes in general. */
function pickCategories(
  catalog: Catalog,
  contextItems: readonly number[],
  liked: number[],
): number[] {
  const last = contextItems.at(-1);
  const current = last === undefined ? -1 : (catalog.category[last] ?? -1);
  const codes = new Set([current, ...liked].filter((code) => code !== -1));
  return [...codes].slice(0, LIKED_CATEGORIES);
}

/** What is due, measured from the shopper's own last event, so that the answer follows from the state alone. */
function findBuyAgain(catalog: Catalog, state: ShopperState | null): CatalogItem[] {
  const now = state?.profile.last_seen ?? 0;
  const bought = state?.profile.purchases.bought ?? [];
  return bought
    .filter((item) => isDue(item, now))
    .toSorted((a, b) => b.times - a.times || b.last_at - a.last_at)
    .map((item) => catalog.find(item.item_id))
    .filter((item) => item !== -1);
}
