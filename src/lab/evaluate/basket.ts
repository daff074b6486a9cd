// One evaluation of what is bought together: learns from the orders before a moment, and asks of each order after it what
// else is in it, given one of its items. Both are drawn at random.
import { asScorer } from "../../../models/baselines/as-scorer.ts";
import { createBasketKnn, ItemKnn } from "../../../models/baselines/item-knn.ts";
import { Popularity } from "../../../models/baselines/popularity.ts";
import type { Candidate, Click, Retriever } from "../../../models/baselines/retriever.ts";
import { TextNeighbours } from "../../../models/baselines/text-neighbours.ts";
import { gainsOf, meanPercent } from "../../../models/evaluate/metrics.ts";
import { rankOfTarget } from "../../../models/evaluate/ranks.ts";
import { Random } from "../../../models/graph/random.ts";
import { alignTable } from "../align-table.ts";
import { readBaskets, type Basket, type Baskets } from "./baskets.ts";

export type BasketOptions = {
  train: string;
  source: string;
  /** ms. Orders from then on are judged. */
  judgeFrom: number;
  seed: number;
  json: boolean;
};

/** Items of an order that is asked about: one alone has no answer, and a wholesaler's list answers everything. */
const ASKED_SIZE = { least: 2, most: 60 };
const MOST_QUESTIONS = 3000;
/** What likeness of words counts beside what was bought together, as a share of the best of each. */
const TEXT_SHARE = 0.3;

type Question = { given: number; target: number; isNew: boolean };

/** Gives the exit code. */
export async function evaluateBaskets(options: BasketOptions): Promise<number> {
  const { judgeFrom, seed, json } = options;
  const baskets = await readBaskets(options.source, options.train);
  const earlier = baskets.orders.filter(({ at }) => at < judgeFrom);
  const later = baskets.orders.filter(({ at }) => at >= judgeFrom);
  const sold = new Set(earlier.flatMap(({ items }) => items));
  const questions = drawQuestions(later, sold, seed);
  if (questions.length === 0) throw new Error("No order from then on holds two items.");
  console.error(`Learning from ${earlier.length} orders, judged by ${questions.length} questions.`);
  const results = [];
  for (const retriever of listRetrievers(baskets)) {
    for (const click of clicksOf(earlier)) retriever.observe(click);
    results.push(await judgeRetriever(retriever, questions, baskets.ids.length));
  }
  const head = ["list", "HR@20", "MRR@20", "HR@20, never sold before"];
  const rows = results.map((each) => [
    each.list,
    each["hr@20"].toFixed(2),
    each["mrr@20"].toFixed(2),
    each.never_sold["hr@20"].toFixed(2),
  ]);
  console.log(alignTable([head, ...rows]));
  if (json) console.log(JSON.stringify({ asked: questions.length, results }));
  return 0;
}

function drawQuestions(orders: readonly Basket[], sold: ReadonlySet<number>, seed: number) {
  const random = new Random(seed);
  const questions: Question[] = [];
  for (const { items } of orders) {
    if (items.length < ASKED_SIZE.least || items.length > ASKED_SIZE.most) continue;
    const first = random.int(items.length);
    const second = (first + 1 + random.int(items.length - 1)) % items.length;
    const [given, target] = [items[first] ?? -1, items[second] ?? -1];
    questions.push({ given, target, isNew: !sold.has(target) });
  }
  const order = Int32Array.from(questions.keys());
  random.shuffle(order);
  return Array.from(order.subarray(0, MOST_QUESTIONS), (index) => questions[index]).filter(
    (question) => question !== undefined,
  );
}

function* clicksOf(orders: readonly Basket[]): Generator<Click> {
  for (const [session, { items, at }] of orders.entries()) {
    for (const item of items) yield { session, item, timestamp: at };
  }
}

/** `bought-together` is the source that serves. */
function listRetrievers({ texts }: Baskets): Retriever[] {
  const text = new TextNeighbours(texts);
  const together = createBasketKnn();
  return [new Popularity(), new ItemKnn(), together, text, joinByShare(together, text)];
}

/** Learns nothing itself: the first has learned already. */
function joinByShare(first: Retriever, second: Retriever): Retriever {
  return {
    name: `${first.name} + ${second.name}`,
    observe: () => undefined,
    retrieve(session, k) {
      const scores = new Map<number, number>();
      const add = (candidates: readonly Candidate[], share: number) => {
        const best = candidates[0]?.score ?? 1;
        for (const { item, score } of candidates) {
          scores.set(item, (scores.get(item) ?? 0) + (share * score) / best);
        }
      };
      add(first.retrieve(session, k), 1);
      add(second.retrieve(session, k), TEXT_SHARE);
      const joined = [...scores].map(([item, score]) => ({ item, score }));
      return joined.sort((a, b) => b.score - a.score || a.item - b.item).slice(0, k);
    },
  };
}

async function judgeRetriever(retriever: Retriever, questions: readonly Question[], items: number) {
  const scorer = asScorer(retriever, items);
  const ranks = new Float64Array(questions.length);
  for (const [index, { given, target }] of questions.entries()) {
    const [row] = await scorer.score([[given]]);
    if (row === undefined) continue;
    row[given] = -Infinity;
    ranks[index] = rankOfTarget(row, target);
  }
  const figures = (part: Float64Array) => ({
    asked: part.length,
    "hr@20": round(meanPercent(gainsOf(part, "hr", 20))),
    "mrr@20": round(meanPercent(gainsOf(part, "mrr", 20))),
  });
  const ofNew = ranks.filter((_, index) => questions[index]?.isNew);
  return { list: retriever.name, ...figures(ranks), never_sold: figures(ofNew) };
}

const round = (value: number): number => Math.round(100 * value) / 100;
