// Lists of candidates with their features and what then happened, made by replaying the log through the pipeline.
import { Random } from "../../graph/random.ts";
import type { RankingConfig, RankingTask } from "../config.ts";
import type { FeatureSources } from "../features/features.ts";
import type { Moment } from "./moments.ts";
import type { ReplayStep } from "./replay.ts";
import type { Pipeline, Reading } from "../features/pipeline.ts";
import { LIST_STREAM } from "../streams.ts";

/** One list. `labels` are 1 or 0, all [count]; `features` [count, width]. */
export type RankedList = {
  /** Number of its session. */
  group: number;
  count: number;
  features: Float32Array;
  /** Index of the item that came next, -1 where retrieval missed it. */
  clicked: number;
  /** Null where the log cannot tell. */
  labels: { cart: Uint8Array; purchase: Uint8Array } | null;
  /** How many candidates each one stands for. */
  weight: Float32Array;
};

/** 1 for the candidates of which the task's question came true; shape [count]. */
export function labelsOf({ count, clicked, labels }: RankedList, task: RankingTask): Uint8Array {
  if (task !== "click") return labels?.[task] ?? new Uint8Array(count);
  return Uint8Array.from({ length: count }, (_, index) => Number(index === clicked));
}

export type TrainingSet = {
  /** Features of a candidate. */
  width: number;
  /** What they are read from. */
  sources: FeatureSources;
  /** Shortened to `listLength`; every one has its click. */
  train: RankedList[];
  /** In full length, also those without a click. */
  held: RankedList[];
  /** Share of the moments whose next item was among the candidates. */
  recall: number;
};

/** Moments that are answered together when no click comes between them. */
const TOGETHER = 64;

/** @param onMoment called with the number of moments done */
export async function buildTrainingSet(
  pipeline: Pipeline,
  replay: AsyncIterable<ReplayStep> | Iterable<ReplayStep>,
  config: RankingConfig,
  onMoment?: (done: number) => void,
): Promise<TrainingSet> {
  const set: TrainingSet = {
    width: pipeline.width,
    sources: pipeline.sources,
    train: [],
    held: [],
    recall: 0,
  };
  let waiting: Moment[] = [];
  let [done, found] = [0, 0];
  const answer = async (): Promise<void> => {
    const words = await pipeline.ask(waiting.map(({ session }) => session));
    for (const [index, moment] of waiting.entries()) {
      const { session, shopper, held } = moment;
      const reading = pipeline.read({ session: session.items, shopper }, words[index] ?? []);
      const whole = copyList(reading, moment, set.width);
      if (whole.clicked >= 0) found++;
      if (held) set.held.push(whole);
      else if (whole.clicked >= 0) {
        const random = new Random(config.seed, LIST_STREAM.candidates, done);
        set.train.push(shortenList(whole, config.listLength, random));
      }
      done++;
    }
    onMoment?.(done);
    waiting = [];
  };
  for await (const step of replay) {
    if (step.kind === "moment") waiting.push(step.moment);
    // A list is made before the click that it foresees is learned from.
    if (waiting.length === TOGETHER || (step.kind === "click" && waiting.length > 0)) {
      await answer();
    }
    if (step.kind === "click") pipeline.observe(step.click);
  }
  if (waiting.length > 0) await answer();
  set.recall = found / Math.max(1, done);
  return set;
}

/** What came next, all that was carted or bought, and a random choice of the rest. The list has to have its click. */
export function shortenList(list: RankedList, length: number, random: Random): RankedList {
  const { group, count, features, clicked, labels } = list;
  const isSure = (index: number): boolean =>
    index === clicked || labels?.cart[index] === 1 || labels?.purchase[index] === 1;
  const all = Int32Array.from({ length: count }, (_, index) => index);
  const sure = all.filter((index) => index !== clicked && isSure(index)).subarray(0, length - 1);
  const rest = all.filter((index) => !isSure(index));
  random.shuffle(rest);
  const certain = 1 + sure.length;
  const indexes = Int32Array.of(clicked, ...sure, ...rest.subarray(0, length - certain));
  const weight = new Float32Array(indexes.length).fill(1);
  weight.fill(rest.length / Math.max(1, indexes.length - certain), certain);
  const pick = (marks: Uint8Array) => Uint8Array.from(indexes, (index) => marks[index] ?? 0);
  return {
    group,
    count: indexes.length,
    features: pickRows(features, indexes, features.length / count),
    clicked: 0,
    labels: labels && { cart: pick(labels.cart), purchase: pick(labels.purchase) },
    weight,
  };
}

function pickRows(matrix: Float32Array, rows: Int32Array, width: number): Float32Array {
  const picked = new Float32Array(rows.length * width);
  for (const [to, from] of rows.entries()) {
    picked.set(matrix.subarray(from * width, (from + 1) * width), to * width);
  }
  return picked;
}

function copyList({ list, features }: Reading, moment: Moment, width: number): RankedList {
  const { group, target, later } = moment;
  const items = list.items.slice(0, list.count);
  const mark = (wanted: ReadonlySet<number>) =>
    Uint8Array.from(items, (item) => Number(wanted.has(item)));
  return {
    group,
    count: list.count,
    features: features.slice(0, list.count * width),
    clicked: items.indexOf(target),
    labels: later && { cart: mark(later.cart), purchase: mark(later.purchase) },
    weight: new Float32Array(list.count).fill(1),
  };
}
