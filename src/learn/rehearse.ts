// The newest part of the log played again: before each view of a shopper who was there before, each side is asked for
// the home page, as that shopper would have been. What is viewed next is the right answer.
import { LIST_LENGTH } from "../../models/evaluate/judge.ts";
import type { Example, Judgement } from "../../models/evaluate/judge.ts";
import { readContext } from "../recommend/context.ts";
import type { RecommendRequest } from "../recommend/contract.ts";
import type { TailRow } from "../live/tail-row.ts";
import { PolicyBook } from "../recommend/rules/policy-book.ts";
import { recommend } from "../recommend/recommend.ts";
import type { ExportedLog } from "./read-exports.ts";
import type { LoggedEvent } from "./to-event.ts";
import type { ServingSide } from "./serving-side.ts";
import { ShopStates } from "./shop-states.ts";

/** Events before the first question that the live index learns from: as many as a new isolate reads. */
const HISTORY = 50_000;

export type Rehearsal = {
  /** Context: the items of the shopper's session so far; group: the shopper. */
  examples: Example[];
  /** By side. */
  judgements: Judgement[];
  /** ms of an answer by side: the lower quartile, since other work on the machine only ever adds to it. */
  ms: number[];
};

type Answers = { ranks: number[]; lists: number[]; times: number[] };

/**
 * @param cut ms; views from then on are asked for
 * @param sides opened over `log`'s vocabulary: an item's number is its index there
 */
export async function rehearse(
  log: ExportedLog,
  cut: number,
  sides: readonly ServingSide[],
): Promise<Rehearsal> {
  const examples: Example[] = [];
  const answers = sides.map((): Answers => ({ ranks: [], lists: [], times: [] }));
  const states = new ShopStates();
  const shoppers = new Map<string, number>();
  const numbers = new Map(log.vocabulary.map((id, item) => [id, item]));
  const first = log.events.findIndex(({ event }) => event.timestamp >= cut);
  for (const [ordinal, logged] of log.events.entries()) {
    const group = shoppers.get(logged.shopper);
    const target = ordinal < first ? undefined : numbers.get(lookedAt(logged) ?? "");
    if (group !== undefined && target !== undefined) {
      let seen: number[] = [];
      for (const [index, side] of sides.entries()) {
        const { context, shown, ms } = await ask(side, states, logged);
        const rank = shown.indexOf(target);
        answers[index]?.ranks.push(rank === -1 ? Infinity : rank + 1);
        answers[index]?.lists.push(...toList(shown, numbers.size));
        answers[index]?.times.push(ms);
        // Their catalogues number alike, so every side sees the same session.
        seen = context;
      }
      examples.push({ context: seen, target, group });
    }
    if (group === undefined) shoppers.set(logged.shopper, shoppers.size);
    if (ordinal >= first - HISTORY)
      for (const { live } of sides) live.observe(toRows(logged, live));
    states.fold(logged);
  }
  return {
    examples,
    judgements: answers.map(({ ranks, lists, times }, index) => ({
      name: sides[index]?.name ?? "",
      ranks: Float64Array.from(ranks),
      lists: Int32Array.from(lists),
      seconds: times.reduce((sum, ms) => sum + ms, 0) / 1000,
    })),
    ms: answers.map(({ times }) => times.toSorted((a, b) => a - b)[times.length >> 2] ?? 0),
  };
}

/** The item about to be viewed, or null for any other event. */
function lookedAt({ event }: LoggedEvent): string | null {
  return event.name === "view_item" ? (event.items[0]?.item_id ?? null) : null;
}

async function ask(
  { catalog, live, models }: ServingSide,
  states: ShopStates,
  { shopper, event, visit }: LoggedEvent,
): Promise<{ context: number[]; shown: number[]; ms: number }> {
  const request: RecommendRequest = { ...HOME, shopper, visit };
  const state = states.stateOf(shopper);
  const now = event.timestamp;
  const started = performance.now();
  const { recommendation } = await recommend(
    {
      catalog,
      live,
      models,
      policies: new PolicyBook(catalog),
      experiments: [],
      findModels: () => null,
      readShopper: () => Promise.resolve({ shopper, state, personalization: true }),
      degraded: [],
      now,
      clock: () => 0,
      createId: () => "rehearsed",
    },
    request,
  );
  const ms = performance.now() - started;
  const { session } = readContext(catalog, request, state, now);
  return {
    context: session.map(({ item }) => item),
    shown: recommendation.items.map(({ item }) => item),
    ms,
  };
}

const HOME = {
  surface: "home",
  item_id: null,
  limit: LIST_LENGTH,
  exclude: [],
  category: null,
  min_price: null,
  max_price: null,
  // What comes next may be what was seen: a list without it could not be right.
  seen: "allow",
  cursor: null,
  explain: false,
  given: null,
} as const;

/** As a judgement has it: -1 behind the end, and for what is not of the vocabulary. */
function toList(shown: readonly number[], items: number): number[] {
  return Array.from({ length: LIST_LENGTH }, (_, index) => {
    const item = shown[index] ?? -1;
    return item < items ? item : -1;
  });
}

function toRows(
  { shopper, linked_from, event, visit }: LoggedEvent,
  { cursor }: { cursor: number },
): TailRow[] {
  const { event_id, name, timestamp, session_id, transaction_id } = event;
  const lines = event.items.length === 0 ? [null] : event.items;
  return lines.map((item, line) => ({
    seq: cursor + 1 + line,
    shopper,
    event_id,
    name,
    timestamp,
    session_id,
    linked_from,
    transaction_id,
    item_id: item?.item_id ?? null,
    item_variant: item?.variant ?? null,
    ...visit,
  }));
}
