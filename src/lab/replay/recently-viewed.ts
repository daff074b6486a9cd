// The plainest lists of a replay: what the shopper touched before, the latest first, and the same with what goes with it.
// They also know whether a question is answered by an item that is new to the shopper.
import type { WireEvent } from "../simulate/wire.ts";
import { actorKey, actorOf, actorsOf, type Actor } from "./batches.ts";
import { CUT } from "./tally.ts";

/** Touches of a shopper that vote for themselves again, each so much less than the one after it. */
const OWN_TOUCHES = 20;
const OWN_WEIGHT = 3;
const OWN_DECAY = 0.8;
/** Last touches whose companions are looked up. */
const LOOKED_UP = 3;
const LOOKED_UP_DECAY = 0.6;
/** Touches of a session that a new one is paired with. */
const PAIRED = 5;

type Touch = { item: string; session: string };
/** `touches`: the last ones, oldest first; `items`: all, the latest last; `sessions`: touches by session. */
type Past = { touches: Touch[]; items: Set<string>; sessions: Map<string, number> };

export class RecentlyViewedRanking {
  readonly #pasts = new Map<string, Past>();
  /** How often two items were touched within few steps of one session. */
  readonly #pairs = new Map<string, Map<string, number>>();

  observe(event: WireEvent): void {
    const key = actorKey(actorOf(event));
    const past = event.name === "identify" ? this.#join(event) : this.#pastOf(key);
    const session = event.session_id ?? key;
    for (const { item_id: item } of event.items ?? []) {
      for (const earlier of past.touches.slice(-PAIRED)) {
        if (earlier.session === session && earlier.item !== item) this.#pair(earlier.item, item);
      }
      past.touches.push({ item, session });
      if (past.touches.length > OWN_TOUCHES) past.touches.shift();
      past.items.delete(item);
      past.items.add(item);
      past.sessions.set(session, (past.sessions.get(session) ?? 0) + 1);
    }
    this.#pasts.set(key, past);
  }

  hasTouched(actor: Actor, item: string): boolean {
    return this.#pasts.get(actorKey(actor))?.items.has(item) ?? false;
  }

  /** Touches in the session so far. */
  lengthOf(actor: Actor, session: string | undefined): number {
    const key = actorKey(actor);
    return this.#pasts.get(key)?.sessions.get(session ?? key) ?? 0;
  }

  /** From 1; infinite for what the shopper has not touched, or not among the last `CUT`. */
  rankOf(actor: Actor, target: string): number {
    const items = [...(this.#pasts.get(actorKey(actor))?.items ?? [])];
    return rankIn(items.slice(-CUT).toReversed(), target);
  }

  /** The same where what goes with the last items stands among the shopper's own. */
  rankWithPairs(actor: Actor, target: string): number {
    const touches = (this.#pasts.get(actorKey(actor))?.touches ?? []).toReversed();
    const scores = new Map<string, number>();
    const add = (item: string, score: number) => scores.set(item, (scores.get(item) ?? 0) + score);
    for (const [back, { item }] of touches.entries()) add(item, OWN_WEIGHT * OWN_DECAY ** back);
    for (const [back, { item }] of touches.slice(0, LOOKED_UP).entries()) {
      for (const [other, count] of this.#pairs.get(item) ?? []) {
        add(other, count * LOOKED_UP_DECAY ** back);
      }
    }
    const best = [...scores].sort(([, a], [, b]) => b - a).slice(0, CUT);
    return rankIn(
      best.map(([item]) => item),
      target,
    );
  }

  #pastOf(key: string): Past {
    return this.#pasts.get(key) ?? { touches: [], items: new Set(), sessions: new Map() };
  }

  /** The user goes on where the device was. */
  #join(event: WireEvent): Past {
    const [own, device] = actorsOf(event).map((actor) => this.#pastOf(actorKey(actor)));
    if (own === undefined || device === undefined) return own ?? this.#pastOf("");
    return {
      touches: [...own.touches, ...device.touches].slice(-OWN_TOUCHES),
      items: new Set(
        [...own.items].filter((item) => !device.items.has(item)).concat(...device.items),
      ),
      sessions: new Map([...own.sessions, ...device.sessions]),
    };
  }

  #pair(a: string, b: string): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const pairs = this.#pairs.get(from) ?? new Map<string, number>();
      this.#pairs.set(from, pairs.set(to, (pairs.get(to) ?? 0) + 1));
    }
  }
}

function rankIn(list: readonly string[], target: string): number {
  const index = list.indexOf(target);
  return index === -1 ? Infinity : index + 1;
}
