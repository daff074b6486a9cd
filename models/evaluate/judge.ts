// Full ranking on the next-item task: where does the item that came next stand among all items?
import { listBest, rankOfTarget } from "./ranks.ts";
import type { Scorer } from "./scorer.ts";

/** The task: after `context` (item indices, oldest first), which item comes next? */
export type Example = {
  context: readonly number[];
  /** Item index, or -1 for an item that is not in the vocabulary: no model can find it. */
  target: number;
  /** Examples of one session share a group: they are not independent of each other. */
  group: number;
};

export type Judgement = {
  name: string;
  /** Rank of each example's target from 1, Infinity where it cannot be found; shape [examples]. */
  ranks: Float64Array;
  /** The best `LIST_LENGTH` items for each example, -1 where the list is shorter; shape [examples, LIST_LENGTH]. */
  lists: Int32Array;
  /** Seconds spent on scoring and ranking. */
  seconds: number;
};

/** The longest list that is judged: HR@20 is the field's usual figure. */
export const LIST_LENGTH = 20;

/** Contexts in a call: amortises a model's overhead, and bounds memory to 256 rows of scores. */
const BATCH = 256;

/** Scores every example's context. An empty context (no known item) counts as a miss. */
export async function judge(
  scorer: Scorer,
  examples: readonly Example[],
  onProgress?: (done: number) => void,
): Promise<Judgement> {
  const ranks = new Float64Array(examples.length).fill(Infinity);
  const lists = new Int32Array(examples.length * LIST_LENGTH).fill(-1);
  const started = performance.now();
  for (let start = 0; start < examples.length; start += BATCH) {
    const batch = examples.slice(start, start + BATCH).map((example, offset) => ({
      example,
      place: start + offset,
    }));
    const askable = batch.filter(({ example }) => example.context.length > 0);
    const rows = await scorer.score(askable.map(({ example }) => example.context));
    for (const [index, { example, place: position }] of askable.entries()) {
      const row = rows[index];
      if (row === undefined)
        throw new Error(`${scorer.name} answered ${index} of ${askable.length}`);
      if (example.target >= 0) ranks[position] = rankOfTarget(row, example.target);
      listBest(row, lists.subarray(position * LIST_LENGTH, (position + 1) * LIST_LENGTH));
    }
    onProgress?.(start + batch.length);
  }
  return { name: scorer.name, ranks, lists, seconds: (performance.now() - started) / 1000 };
}
