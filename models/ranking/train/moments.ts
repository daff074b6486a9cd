// The moments that a ranking model learns from: each click of the last part of the log, with only what was known then.
import { Random } from "../../graph/random.ts";
import type { NextItemData, SessionSequence } from "../../next-item/data/dataset.ts";
import { EVENT_TYPES } from "../../next-item/data/event-log.ts";
import type { RankingConfig } from "../config.ts";
import type { ShopperView } from "../features/features.ts";
import { LIST_STREAM } from "../streams.ts";

/** One list to be made, and what then happened. */
export type Moment = {
  /** Number of its session: lists of one session are not independent of each other. */
  group: number;
  /** As it was so far. */
  session: SessionSequence;
  shopper?: ShopperView;
  /** The item that came next. */
  target: number;
  /** Items that went into the cart, and were bought, from here to the end of the session; null where the log cannot tell. */
  later: { cart: ReadonlySet<number>; purchase: ReadonlySet<number> } | null;
  /** Whether it is held back from learning, to judge by. */
  held: boolean;
};

/** A click of a session whose item is to be predicted from those before it. */
export type TargetPosition = { session: number; at: number; held: boolean };

/** Lists that decide when to stop: a standard error of a point is enough for that. */
const MAX_HELD = 2000;

/** How many of the sessions, the oldest, the sources learn from before the first list; encoders hold back the same. */
export function countEarlier({ sessions }: NextItemData, share: number): number {
  return sessions.length - Math.floor(sessions.length * share);
}

/** Every click of the last sessions but the first of each, in order; the very last sessions are held back. */
export function laterTargets(
  data: NextItemData,
  { share, validation }: RankingConfig,
): TargetPosition[] {
  const earlier = countEarlier(data, share);
  const later = data.sessions.slice(earlier);
  const heldFrom = earlier + Math.floor(later.length * (1 - validation));
  return later.flatMap(({ items }, offset) =>
    items.slice(1).map((_, index) => {
      const session = earlier + offset;
      return { session, at: index + 1, held: session >= heldFrom };
    }),
  );
}

/** Which targets become lists: of those to learn from and of those held back a random choice each. */
export function chooseTargets(data: NextItemData, config: RankingConfig): TargetPosition[] {
  const targets = laterTargets(data, config);
  const draw = (held: boolean, most: number) => {
    const random = new Random(config.seed, LIST_STREAM.targets, Number(held));
    const part = targets.filter((target) => target.held === held);
    return drawTargets(part, most, random);
  };
  return [...draw(false, config.lists), ...draw(true, MAX_HELD)];
}

/** A random choice in the order of `targets`. */
export function drawTargets(
  targets: readonly TargetPosition[],
  most: number,
  random: Random,
): TargetPosition[] {
  const order = Int32Array.from(targets, (_, index) => index);
  random.shuffle(order);
  const chosen = order.subarray(0, most).toSorted();
  return Array.from(chosen, (index) => targets[index]).filter((target) => target !== undefined);
}

/** Nothing of the session from `at` on gets into it but the labels. */
export function momentAt(data: NextItemData, { session, at, held }: TargetPosition): Moment | null {
  const whole = data.sessions[session];
  const target = whole?.items[at];
  if (whole === undefined || target === undefined) return null;
  const { items, types, times } = whole;
  return {
    group: session,
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
    new Set(items.filter((_, index) => index >= at && types[index] === EVENT_TYPES.indexOf(type)));
  return { cart: of("add_to_cart"), purchase: of("purchase") };
}
