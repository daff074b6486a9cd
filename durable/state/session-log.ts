// The sessions of all shoppers along a log, by name: for those who read many shoppers' events in the order of their time.
import { OPEN_SESSIONS, sessionise } from "./session.ts";
import type { SessionMark, SessionSpan } from "./session.ts";

type NamedSession = SessionSpan & { name: string };

export class SessionLog {
  /** By shopper; whoever was seen last comes last. */
  readonly #open = new Map<string, NamedSession[]>();
  readonly #most: number;

  /** @param most shoppers that are kept in mind; of the others only events with a `session_id` go on with theirs */
  constructor(most = Infinity) {
    this.#most = most;
  }

  /**
   * The name of the session that the event is of: no two sessions of the log have the same. To be told of every event,
   * also of those whose session nobody asks for: they keep it open.
   */
  nameOf(shopper: string, event: SessionMark): string {
    const { sessions, session } = sessionise(this.#open.get(shopper) ?? [], event, (found) => {
      if (found === undefined) return openSession(shopper, event);
      found.id ??= event.session_id;
      found.last_at = Math.max(found.last_at, event.timestamp);
      return found;
    });
    this.#keep(shopper, sessions);
    return session.name;
  }

  /** By an `identify`: what the anonymous shopper began, the user goes on with. */
  link(anonymous: string, user: string): void {
    const theirs = this.#open.get(anonymous);
    if (theirs === undefined) return;
    this.#open.delete(anonymous);
    const all = [...theirs, ...(this.#open.get(user) ?? [])];
    this.#keep(user, all.sort((a, b) => a.last_at - b.last_at).slice(-OPEN_SESSIONS));
  }

  #keep(shopper: string, sessions: NamedSession[]): void {
    this.#open.delete(shopper);
    this.#open.set(shopper, sessions);
    if (this.#open.size <= this.#most) return;
    for (const oldest of this.#open.keys()) {
      this.#open.delete(oldest);
      return;
    }
  }
}

/** Named after its id, or where it has none yet, after its beginning. */
function openSession(shopper: string, { session_id, timestamp }: SessionMark): NamedSession {
  const own = session_id ?? `~${timestamp.toString(36)}`;
  return { id: session_id, last_at: timestamp, name: `${shopper}\n${own}` };
}
