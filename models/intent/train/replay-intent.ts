// A log replayed through the shoppers' folds, read at every event up to a session's first purchase, and labelled by what
// came later. What the end of the log cuts off is not labelled: a session that might go on, a return that might come.
import type { ShopEvent } from "../../../durable/state/event.ts";
import {
  emptyShop,
  replayedState,
  replayEvent,
  replayIdentify,
} from "../../../durable/state/replay.ts";
import { SESSION_GAP } from "../../../durable/state/session.ts";
import { SessionLog } from "../../../durable/state/session-log.ts";
import { readIntent } from "../features/features.ts";
import { RateBook } from "../features/rates.ts";
import { UNKNOWN } from "./rows.ts";
import type { IntentRow } from "./rows.ts";

/** An event as the Worker took it. */
export type IntentEvent = {
  shopper: string;
  linked_from: string | null;
  /** Whether the shopper's state may know of it. */
  personalization: boolean;
  event: ShopEvent;
  visit: { device: string | null };
};

type Moment = { features: Float32Array; hasCart: boolean; firstAdd: boolean };

type Visit = {
  number: number;
  shopper: string;
  started_at: number;
  last_at: number;
  boughtAt: number | null;
  /** Whether something lay in the cart after the last event. */
  endsWithCart: boolean;
  hasAdded: boolean;
  moments: Moment[];
};

/** Returns are asked about within these of a session's end, ms; each if not within the one before. */
const RETURNS = [1, 24, 72].map((hours) => hours * 3_600_000);

export class IntentLog {
  readonly rates = new RateBook();
  readonly visits: Visit[] = [];
  /** Time of the last event, ms. */
  until = 0;

  /** What began before `from` and was over by `until`, labelled by what had happened until then, ms. */
  rows(from: number, until: number): IntentRow[] {
    const next = this.#nextStarts();
    return this.visits
      .filter((visit) => visit.started_at >= from && visit.last_at + SESSION_GAP <= until)
      .flatMap((visit) => {
        const start = next.get(visit) ?? Infinity;
        const returns = labelReturns(visit.last_at, start < until ? start : Infinity, until);
        return visit.moments.map(({ features, hasCart, firstAdd }): IntentRow => {
          const bought = visit.boughtAt !== null;
          const left = hasCart ? Number(!bought && visit.endsWithCart) : UNKNOWN;
          const labels = Int8Array.of(Number(bought), left, ...returns);
          const { shopper, number: session, started_at } = visit;
          return { features, labels, shopper, session, started_at, firstAdd };
        });
      });
  }

  #nextStarts(): Map<Visit, number> {
    const next = new Map<Visit, number>();
    const last = new Map<string, Visit>();
    for (const visit of this.visits) {
      const before = last.get(visit.shopper);
      if (before !== undefined) next.set(before, visit.started_at);
      last.set(visit.shopper, visit);
    }
    return next;
  }
}

/** @param freezeAt from then on items' and categories' rates stay as they are, as in a model that serves, ms */
export async function replayIntent(
  events: Iterable<IntentEvent | null> | AsyncIterable<IntentEvent | null>,
  freezeAt = Infinity,
): Promise<IntentLog> {
  const log = new IntentLog();
  const shop = emptyShop();
  const names = new SessionLog();
  const open = new Map<string, Visit>();
  for await (const logged of events) {
    if (logged === null || !logged.personalization) continue;
    const { shopper, linked_from, event, visit: context } = logged;
    if (linked_from !== null) {
      replayIdentify(shop, linked_from, shopper, event);
      names.link(linked_from, shopper);
      continue;
    }
    if (replayEvent(shop, shopper, event) !== "applied") continue;
    log.until = Math.max(log.until, event.timestamp);
    const name = names.nameOf(shopper, event);
    const visit = open.get(name) ?? beginVisit(log, shopper, event);
    open.set(name, visit);
    visit.last_at = Math.max(visit.last_at, event.timestamp);
    if (event.name === "purchase") visit.boughtAt ??= event.timestamp;
    const state = replayedState(shop, shopper);
    if (state !== null && visit.boughtAt === null) {
      const hasCart = state.cart.lines.length > 0;
      visit.endsWithCart = hasCart;
      const features = readIntent(state, log.rates, context.device);
      const firstAdd = event.name === "add_to_cart" && !visit.hasAdded;
      visit.hasAdded ||= firstAdd;
      if (features !== null) visit.moments.push({ features, hasCart, firstAdd });
    }
    if (event.timestamp < freezeAt) log.rates.observe(event);
  }
  return log;
}

function beginVisit(log: IntentLog, shopper: string, { timestamp }: ShopEvent): Visit {
  const visit: Visit = {
    number: log.visits.length,
    shopper,
    started_at: timestamp,
    last_at: timestamp,
    boughtAt: null,
    endsWithCart: false,
    hasAdded: false,
    moments: [],
  };
  log.visits.push(visit);
  return visit;
}

function labelReturns(end: number, next: number, until: number): number[] {
  const away = next - end;
  return RETURNS.map((within, index) => {
    if (away <= (RETURNS[index - 1] ?? 0)) return UNKNOWN;
    if (away <= within) return 1;
    return end + within <= until ? 0 : UNKNOWN;
  });
}
