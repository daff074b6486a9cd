// The moments that a ranking model learns from: each click of the last part of the log, with only what was known then.
import type { Click } from "../baselines/retriever.ts";
import { Random } from "../graph/random.ts";
import type { NextItemData, SessionSequence } from "../next-item/dataset.ts";
import { EVENT_TYPES } from "../next-item/event-log.ts";
import type { RankingConfig } from "./config.ts";
import type { ShopperView } from "./features.ts";
import { LIST_STREAM } from "./streams.ts";

/** One list to be made, and what then happened. */
export type Moment = {
  session: SessionSequence;
  shopper?: ShopperView;
  /** The item that came next. */
  target: number;
  /** Items that went into the cart, and were bought, from here to the end of the session; null where the log cannot tell. */
  later: { cart: ReadonlySet<number>; purchase: ReadonlySet<number> } | null;
  /** Whether it is held back from learning, to decide when to stop. */
  held: boolean;
};

/** The log as it is replayed: learn from a click, or make a list first. */
export type ReplayStep = { kind: "click"; click: Click } | { kind: "moment"; moment: Moment };

/** A place in a session whose item is to be foreseen. */
export type Place = { session: number; at: number; held: boolean };

/** Lists that decide when to stop: a standard error of a point is enough for that. */
const MAX_HELD = 2000;
/** Session files have no times: a click a second stands in for them. */
const CLICK_STEP_MS = 1000;

/** How many of the sessions, the oldest, the sources learn from before the first list; encoders hold back the same. */
export function countEarlier({ sessions }: NextItemData, share: number): number {
  return sessions.length - Math.floor(sessions.length * share);
}

/** Which places become lists: of the last sessions, the very last held back, of each part a random choice. */
export function choosePlaces(data: NextItemData, config: RankingConfig): Place[] {
  const earlier = countEarlier(data, config.share);
  const later = data.sessions.slice(earlier);
  const heldFrom = earlier + Math.floor(later.length * (1 - config.validation));
  const places = later.flatMap(({ items }, offset) =>
    items.slice(1).map((_, place) => {
      const session = earlier + offset;
      return { session, at: place + 1, held: session >= heldFrom };
    }),
  );
  const draw = (held: boolean, most: number) => {
    const part = places.filter((place) => place.held === held);
    const order = Int32Array.from(part, (_, place) => place);
    new Random(config.seed, LIST_STREAM.places, Number(held)).shuffle(order);
    const chosen = order.subarray(0, most).toSorted();
    return Array.from(chosen, (place) => part[place]).filter((place) => place !== undefined);
  };
  return [...draw(false, config.lists), ...draw(true, MAX_HELD)];
}

/**
 * For logs without times: the sources learn from the first sessions and then stand still, as in the benchmarks, where
 * the days that are judged come after all that is learned from.
 */
export function* replaySessions(data: NextItemData, config: RankingConfig): Generator<ReplayStep> {
  const earlier = data.sessions.slice(0, countEarlier(data, config.share));
  for (const click of clicksOf(earlier)) yield { kind: "click", click };
  for (const place of choosePlaces(data, config)) {
    const moment = momentAt(data, place);
    if (moment !== null) yield { kind: "moment", moment };
  }
}

/** Follows the shoppers of a log through their events. */
export interface ShopperWatch {
  /** Where in the log the event at this place of a session stands. */
  ordinalOf(session: SessionSequence, at: number): number;
  /** The shopper of an event as known before it. Asked in the order of the log. @param now ms */
  viewBefore(ordinal: number, now: number): Promise<ShopperView>;
}

/**
 * For logs with times: everything is learned from in its order, each list before its click, as it is when serving.
 * Lists begin when the last of the earlier sessions has ended, since the encoders know all of those.
 */
export async function* replayByTime(
  data: NextItemData,
  config: RankingConfig,
  watch?: ShopperWatch,
): AsyncGenerator<ReplayStep> {
  const earlier = data.sessions.slice(0, countEarlier(data, config.share));
  const from = earlier.reduce((latest, { times }) => Math.max(latest, times?.at(-1) ?? 0), 0);
  const places = new Map(choosePlaces(data, config).map((place) => [keyOf(place), place]));
  for (const { session, at, click } of clicksByTime(data, watch)) {
    const place = places.get(keyOf({ session, at }));
    const whole = data.sessions[session];
    const moment = place && click.timestamp > from ? momentAt(data, place) : null;
    if (moment !== null && whole !== undefined) {
      const now = whole.times?.[at - 1] ?? click.timestamp;
      const shopper = await watch?.viewBefore(watch.ordinalOf(whole, at), now);
      yield { kind: "moment", moment: { ...moment, shopper } };
    }
    yield { kind: "click", click };
  }
}

function keyOf({ session, at }: { session: number; at: number }): string {
  return `${session} ${at}`;
}

type PlacedClick = { session: number; at: number; click: Click };

function clicksByTime({ sessions }: NextItemData, watch?: ShopperWatch): PlacedClick[] {
  const placed = sessions.flatMap((whole, session) =>
    whole.items.map((item, at) => {
      const timestamp = whole.times?.[at] ?? 0;
      const order = watch === undefined ? timestamp : watch.ordinalOf(whole, at);
      return { session, at, order, click: { session, item, timestamp } };
    }),
  );
  return placed.sort((a, b) => a.order - b.order || a.session - b.session || a.at - b.at);
}

/** All clicks in the order of sessions. */
export function* clicksOf(sessions: readonly SessionSequence[]): Generator<Click> {
  let seen = 0;
  for (const [session, { items, times }] of sessions.entries()) {
    for (const [place, item] of items.entries()) {
      yield { session, item, timestamp: times?.[place] ?? seen * CLICK_STEP_MS };
      seen++;
    }
  }
}

/** Nothing of the session from `at` on gets into it but the labels. */
export function momentAt(data: NextItemData, { session, at, held }: Place): Moment | null {
  const whole = data.sessions[session];
  const target = whole?.items[at];
  if (whole === undefined || target === undefined) return null;
  const { items, types, times } = whole;
  return {
    session: {
      items: items.slice(0, at),
      types: types?.slice(0, at),
      times: times?.slice(0, at),
    },
    target,
    later: types ? laterOf(items, types, at) : null,
    held,
  };
}

function laterOf(
  items: readonly number[],
  types: readonly number[],
  at: number,
): { cart: Set<number>; purchase: Set<number> } {
  const of = (type: (typeof EVENT_TYPES)[number]) =>
    new Set(items.filter((_, place) => place >= at && types[place] === EVENT_TYPES.indexOf(type)));
  return { cart: of("add_to_cart"), purchase: of("purchase") };
}
