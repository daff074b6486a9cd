// Sessionisation: a session is one `session_id`, or events no further apart than the gap. The one place that says so:
// the live fold, the export, live retrieval and training all ask `sessionise`.
import type { EventName, ShopEvent } from "./event.ts";

export type Session = {
  id: string | null;
  started_at: number;
  last_at: number;
  events: number;
  /** Events of each kind that models of intent read. */
  item_views: number;
  list_views: number;
  searches: number;
  cart_adds: number;
  cart_removals: number;
  checkouts: number;
  purchases: number;
};

/** What of an event tells which session it is of. */
export type SessionMark = Pick<ShopEvent, "session_id" | "timestamp">;

/** What of a session tells which events are of it. */
export type SessionSpan = Pick<Session, "id" | "last_at">;

/** Silence that ends a session without an id, ms: GA4's default. */
export const SESSION_GAP = 30 * 60_000;

/** Sessions that may go on side by side (phone and laptop), kept for events that come back to them. */
export const OPEN_SESSIONS = 4;

type Tally = Exclude<keyof Session, "id" | "started_at" | "last_at" | "events">;

const TALLIES: Partial<Record<EventName, Tally>> = {
  view_item: "item_views",
  view_item_list: "list_views",
  search: "searches",
  add_to_cart: "cart_adds",
  remove_from_cart: "cart_removals",
  begin_checkout: "checkouts",
  purchase: "purchases",
};

/**
 * Which of a shopper's sessions an event is of. It becomes the last one of the list.
 * @param sessions in the order in which events came to them; events come in event-time order
 * @param join gives the session with the event in it: the one that was found, or a new one
 */
export function sessionise<S extends SessionSpan>(
  sessions: readonly S[],
  event: SessionMark,
  join: (found: S | undefined) => S,
): { sessions: S[]; session: S; started: boolean } {
  const found = findSession(sessions, event);
  const session = join(found);
  const others = sessions.filter((other) => other !== found);
  return {
    sessions: [...others, session].slice(-OPEN_SESSIONS),
    session,
    started: found === undefined,
  };
}

/**
 * The same for the sessions that a profile keeps.
 *
 * @param isNews false for an event that only tells again what is known: it goes on with its session and counts nothing
 */
export function joinSession(
  sessions: readonly Session[],
  event: ShopEvent,
  isNews: boolean,
): { sessions: Session[]; started: boolean } {
  return sessionise(sessions, event, (found) => {
    const session = addEvent(found ?? openSession(event), event);
    return isNews ? tally(session, event.name) : session;
  });
}

/** The sessions of two shoppers who are one; those with the same id are one session. */
export function mergeSessions(
  a: readonly Session[],
  b: readonly Session[],
): { sessions: Session[]; shared: number } {
  const merged = [...a];
  let shared = 0;
  for (const session of b) {
    const at = merged.findIndex((other) => other.id !== null && other.id === session.id);
    const other = merged[at];
    if (other === undefined) {
      merged.push(session);
    } else {
      merged[at] = addSessions(other, session);
      shared++;
    }
  }
  return { sessions: merged.sort(compareSessions).slice(-OPEN_SESSIONS), shared };
}

/** Undefined where the event starts a session. */
export function findSession<S extends SessionSpan>(
  sessions: readonly S[],
  event: SessionMark,
): S | undefined {
  const last = sessions.at(-1);
  if (event.session_id !== null) {
    const same = sessions.findLast((session) => session.id === event.session_id);
    if (same !== undefined) return same;
    // An id that appears within a session without one: the storefront has just learnt it.
    return last?.id === null && isWithinGap(last, event) ? last : undefined;
  }
  return last !== undefined && isWithinGap(last, event) ? last : undefined;
}

function isWithinGap(session: SessionSpan, event: SessionMark): boolean {
  return event.timestamp - session.last_at <= SESSION_GAP;
}

function openSession(event: ShopEvent): Session {
  return {
    id: event.session_id,
    started_at: event.timestamp,
    last_at: event.timestamp,
    events: 0,
    item_views: 0,
    list_views: 0,
    searches: 0,
    cart_adds: 0,
    cart_removals: 0,
    checkouts: 0,
    purchases: 0,
  };
}

function addEvent(session: Session, event: ShopEvent): Session {
  return {
    ...session,
    id: session.id ?? event.session_id,
    last_at: Math.max(session.last_at, event.timestamp),
    events: session.events + 1,
  };
}

function tally(session: Session, name: EventName): Session {
  const kind = TALLIES[name];
  return kind === undefined ? session : { ...session, [kind]: session[kind] + 1 };
}

function addSessions(a: Session, b: Session): Session {
  return {
    id: a.id,
    started_at: Math.min(a.started_at, b.started_at),
    last_at: Math.max(a.last_at, b.last_at),
    events: a.events + b.events,
    item_views: a.item_views + b.item_views,
    list_views: a.list_views + b.list_views,
    searches: a.searches + b.searches,
    cart_adds: a.cart_adds + b.cart_adds,
    cart_removals: a.cart_removals + b.cart_removals,
    checkouts: a.checkouts + b.checkouts,
    purchases: a.purchases + b.purchases,
  };
}

function compareSessions(a: Session, b: Session): number {
  const byTime = a.last_at - b.last_at || a.started_at - b.started_at;
  return byTime || ((a.id ?? "") < (b.id ?? "") ? -1 : 1);
}
