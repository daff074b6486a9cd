// Sessions by a shopper's pauses, carried from slice to slice of the log, and what no human does in one.
import type { CarriedSession, EventGroup, CleaningLabel } from "./event.ts";

/** The pause after which the trade counts a new session, ms. */
const SESSION_GAP = 30 * 60_000;
const MINUTE = 60_000;
/** Nobody looks at more than one page every second for a minute; lists and carts of a page double that. */
const EVENTS_A_MINUTE = 120;
/** The longest sessions of people in public shop logs have a few hundred events. */
const EVENTS_A_SESSION = 1000;
/** How crawlers that mean no harm name themselves. */
const BOT_DEVICE = /bot|crawl|spider/i;
/** What the shop's own systems tell, in any number; money that moved is never set aside. */
const SERVER_EVENTS = new Set(["stock_update", "purchase", "refund"]);

export type Assignment = { session: string; derived: boolean; label: CleaningLabel };

/** The sessions of one shopper within a slice. Events come in order of their time. */
export class ShopperSessions {
  readonly #sessions: CarriedSession[];
  readonly #seen = new Set<string>();

  constructor(carried: CarriedSession | null) {
    this.#sessions = carried === null ? [] : [{ ...carried }];
  }

  assign(group: EventGroup): Assignment {
    const { head } = group;
    const session = this.#find(head.shopper, head.timestamp);
    return {
      // Times tell one session of a shopper from another; readers join on the shopper too.
      session: head.session_id ?? `~${session.started_at.toString(36)}`,
      derived: head.session_id === null,
      label: this.#judge(group, session),
    };
  }

  /** What the next slice goes on with: the session that was active last. */
  get latest(): CarriedSession | null {
    return this.#sessions.reduce<CarriedSession | null>(
      (best, one) => (best === null || one.last_at > best.last_at ? one : best),
      null,
    );
  }

  #find(shopper: string, at: number): CarriedSession {
    const near = this.#sessions.findLast(
      (one) => at >= one.started_at - SESSION_GAP && at <= one.last_at + SESSION_GAP,
    );
    if (near !== undefined) {
      near.last_at = Math.max(near.last_at, at);
      return near;
    }
    const minute = Math.floor(at / MINUTE);
    const fresh = { shopper, started_at: at, last_at: at, events: 0, minute, in_minute: 0 };
    this.#sessions.push(fresh);
    return fresh;
  }

  #judge({ head, rows }: EventGroup, session: CarriedSession): CleaningLabel {
    if (SERVER_EVENTS.has(head.name)) return "kept";
    const minute = Math.floor(head.timestamp / MINUTE);
    if (minute !== session.minute) Object.assign(session, { minute, in_minute: 0 });
    session.events++;
    session.in_minute++;
    if (head.device !== null && BOT_DEVICE.test(head.device)) return "bot";
    if (session.events > EVENTS_A_SESSION) return "bot";
    if (session.in_minute > EVENTS_A_MINUTE) return "burst";
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
