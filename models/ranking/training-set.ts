// Lists of candidates with their features and what then happened, made by replaying the log through the pipeline.
import { Random } from "../graph/random.ts";
import type { RankingConfig } from "./config.ts";
import type { Moment } from "./moments.ts";
import type { ReplayStep } from "./replay.ts";
import type { Pipeline, Reading } from "./pipeline.ts";
import { LIST_STREAM } from "./streams.ts";

/** One list. `labels` are 1 or 0, all [count]; `features` [count, width]. */
export type RankedList = {
  count: number;
  features: Float32Array;
  /** Place of the item that came next, -1 where retrieval missed it. */
  clicked: number;
  /** Null where the log cannot tell. */
  labels: { cart: Uint8Array; purchase: Uint8Array } | null;
  /** How many candidates each one stands for. */
  weight: Float32Array;
};

export type TrainingSet = {
  width: number;
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
  const set: TrainingSet = { width: pipeline.width, train: [], held: [], recall: 0 };
  let waiting: Moment[] = [];
  let [done, found] = [0, 0];
  const answer = async (): Promise<void> => {
    const rows = await pipeline.ask(waiting.map(({ session }) => session));
    for (const [place, moment] of waiting.entries()) {
      const { session, shopper, held } = moment;
      const reading = pipeline.read({ session: session.items, shopper }, rows[place] ?? []);
      const clicked = reading.list.items.subarray(0, reading.list.count).indexOf(moment.target);
      if (clicked >= 0) found++;
      if (held) set.held.push(copyAll(reading, moment, clicked, set.width));
      else if (clicked >= 0) {
        const random = new Random(config.seed, LIST_STREAM.candidates, done);
        const chosen = choose(reading, moment, clicked, config.listLength, random);
        set.train.push(copyChosen(reading, moment, chosen, set.width));
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

type Chosen = { places: Int32Array; sure: number; rest: number };

/** What came next, all that was carted or bought, and a random choice of the rest. */
function choose(
  { list }: Reading,
  { later }: Moment,
  clicked: number,
  length: number,
  random: Random,
): Chosen {
  const isSure = (place: number): boolean => {
    const item = list.items[place] ?? -1;
    return (
      place === clicked || (later !== null && (later.cart.has(item) || later.purchase.has(item)))
    );
  };
  const all = Int32Array.from({ length: list.count }, (_, place) => place);
  const sure = all.filter((place) => place !== clicked && isSure(place)).subarray(0, length - 1);
  const rest = all.filter((place) => !isSure(place));
  random.shuffle(rest);
  const certain = 1 + sure.length;
  const places = Int32Array.of(clicked, ...sure, ...rest.subarray(0, length - certain));
  return { places, sure: certain, rest: rest.length };
}

function copyChosen(
  reading: Reading,
  moment: Moment,
  { places, sure, rest }: Chosen,
  width: number,
): RankedList {
  const features = new Float32Array(places.length * width);
  for (const [to, from] of places.entries()) {
    features.set(reading.features.subarray(from * width, (from + 1) * width), to * width);
  }
  const weight = new Float32Array(places.length).fill(1);
  weight.fill(rest / Math.max(1, places.length - sure), sure);
  const labels = labelsOf(reading, moment, places);
  return { count: places.length, features, clicked: 0, labels, weight };
}

function copyAll(reading: Reading, moment: Moment, clicked: number, width: number): RankedList {
  const { count } = reading.list;
  const places = Int32Array.from({ length: count }, (_, place) => place);
  return {
    count,
    features: reading.features.slice(0, count * width),
    clicked,
    labels: labelsOf(reading, moment, places),
    weight: new Float32Array(count).fill(1),
  };
}

function labelsOf({ list }: Reading, { later }: Moment, places: Int32Array): RankedList["labels"] {
  if (later === null) return null;
  const mark = (items: ReadonlySet<number>) =>
    Uint8Array.from(places, (place) => Number(items.has(list.items[place] ?? -1)));
  return { cart: mark(later.cart), purchase: mark(later.purchase) };
}
