// Sessions of the export, carried from slice to slice of the log, and what no human does in one visit. Visits end by
// pauses alone: whoever names a new session with every page is still one visitor.
import { findSession, SESSION_GAP } from "../../../durable/state/session.ts";
import type { CarriedSession, EventGroup, CleaningLabel } from "./event.ts";

const MINUTE = 60_000;
/** Nobody looks at more than one page every second for a minute; lists and carts of a page double that. */
const EVENTS_A_MINUTE = 120;
/** The longest sessions of people in public shop logs have a few hundred events. */
const EVENTS_A_SESSION = 1000;
/** How crawlers that mean no harm name themselves. */
const BOT_DEVICE = /bot|crawl|spider/i;
/** What the shop's own systems tell, in any number; money that moved is never set aside. */
const SERVER_EVENTS = new Set(["stock_update", "purchase", "refund"]);

/** To `findSession`, a session without an id. */
type Visit = CarriedSession & { id: null };

export type Assignment = { session: string; derived: boolean; label: CleaningLabel };

/** The sessions of one shopper within a slice. Events come in order of their time. */
export class ShopperSessions {
  readonly #visits: Visit[];
  readonly #seen = new Set<string>();

  constructor(carried: CarriedSession | null) {
    this.#visits = carried === null ? [] : [{ ...carried, id: null }];
  }

  assign(group: EventGroup): Assignment {
    const { shopper, timestamp, session_id } = group.head;
    const visit = this.#find(timestamp) ?? this.#open(shopper, timestamp);
    visit.last_at = Math.max(visit.last_at, timestamp);
    visit.session_id = session_id ?? visit.session_id;
    return {
      // An event without an id goes on with the session before it. Times tell one session of a shopper from another;
      // readers join on the shopper too.
      session: visit.session_id ?? `~${visit.started_at.toString(36)}`,
      derived: session_id === null,
      label: this.#judge(group, visit),
    };
  }

  /** What the next slice goes on with: the visit that was active last. */
  get latest(): CarriedSession | null {
    const last = this.#visits.toSorted((a, b) => a.last_at - b.last_at).at(-1);
    if (last === undefined) return null;
    const { id: _id, ...carried } = last;
    return carried;
  }

  /** A visit of an earlier slice may lie ahead of an event that comes late. */
  #find(timestamp: number): Visit | undefined {
    const begun = (visit: Visit) => visit.started_at - timestamp <= SESSION_GAP;
    const mark = { session_id: null, timestamp };
    return this.#visits.findLast((visit) => begun(visit) && findSession([visit], mark));
  }

  #open(shopper: string, timestamp: number): Visit {
    const minute = Math.floor(timestamp / MINUTE);
    const [started_at, last_at] = [timestamp, timestamp];
    const counts = { events: 0, minute, in_minute: 0 };
    const visit: Visit = { id: null, session_id: null, shopper, started_at, last_at, ...counts };
    this.#visits.push(visit);
    return visit;
  }

  #judge({ head, rows }: EventGroup, visit: Visit): CleaningLabel {
    if (SERVER_EVENTS.has(head.name)) return "kept";
    const minute = Math.floor(head.timestamp / MINUTE);
    if (minute !== visit.minute) Object.assign(visit, { minute, in_minute: 0 });
    visit.events++;
    visit.in_minute++;
    if (head.device !== null && BOT_DEVICE.test(head.device)) return "bot";
    if (visit.events > EVENTS_A_SESSION) return "bot";
    if (visit.in_minute > EVENTS_A_MINUTE) return "burst";
    const content = JSON.stringify([
      head.name,
      head.timestamp,
      head.search_term,
      rows.map(({ item_id, quantity, list_index }) => [item_id, quantity, list_index]),
    ]);
    if (this.#seen.has(content)) return "repeat";
    this.#seen.add(content);
    return "kept";
  }
}
