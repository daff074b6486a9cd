// The log played again for the ranking model: sources learn click by click, and lists are made in between.
import type { Click } from "../../baselines/retriever.ts";
import type { NextItemData, SessionSequence } from "../../next-item/data/dataset.ts";
import type { RankingConfig } from "../config.ts";
import type { ShopperView } from "../features/features.ts";
import { chooseTargets, countEarlier, momentAt } from "./moments.ts";
import type { Moment, TargetPosition } from "./moments.ts";

/** The log as it is replayed: learn from a click, or make a list first. */
export type ReplayStep = { kind: "click"; click: Click } | { kind: "moment"; moment: Moment };

/** Session files have no times: a click a second stands in for them. */
const CLICK_STEP_MS = 1000;

/**
 * For logs without times: the sources learn from the first sessions and then stand still, as in the benchmarks, where
 * the days that are judged come after all that is learned from.
 */
export function* replaySessions(
  data: NextItemData,
  config: RankingConfig,
  targets: readonly TargetPosition[] = chooseTargets(data, config),
): Generator<ReplayStep> {
  const earlier = data.sessions.slice(0, countEarlier(data, config.share));
  for (const click of clicksOf(earlier)) yield { kind: "click", click };
  for (const target of targets) {
    const moment = momentAt(data, target);
    if (moment !== null) yield { kind: "moment", moment };
  }
}

/** Follows the shoppers of a log through their events. */
export interface ShopperWatch {
  /** Where in the log the event at this index of a session stands. */
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
  targets: readonly TargetPosition[] = chooseTargets(data, config),
): AsyncGenerator<ReplayStep> {
  const earlier = data.sessions.slice(0, countEarlier(data, config.share));
  const from = earlier.reduce((latest, { times }) => Math.max(latest, times?.at(-1) ?? 0), 0);
  const chosen = new Map(targets.map((target) => [keyOf(target), target]));
  for (const { session, at, click } of clicksByTime(data, watch)) {
    const target = chosen.get(keyOf({ session, at }));
    const whole = data.sessions[session];
    const moment = target && click.timestamp > from ? momentAt(data, target) : null;
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

type SessionClick = { session: number; at: number; click: Click };

function clicksByTime({ sessions }: NextItemData, watch?: ShopperWatch): SessionClick[] {
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
    for (const [index, item] of items.entries()) {
      yield { session, item, timestamp: times?.[index] ?? seen * CLICK_STEP_MS };
      seen++;
    }
  }
}
