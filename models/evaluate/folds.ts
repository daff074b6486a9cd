// Cross-validation: which examples train, which test. Random folds that keep the share of each label, or folds in order of time.
import { Random } from "../graph/random.ts";

/** Indices of examples. */
export type Fold = { train: number[]; test: number[] };

/** Distinguishes this stream of random numbers from others of the same seed. */
const STREAM = 0xf01d;

/**
 * k folds in which each example is tested once and each label has about its overall share. Examples of one group
 * (a shopper, a session) stay together, so that no model is tested on somebody whom it learned from.
 *
 * @param labels 1 or 0, or grades of which the higher are the rarer; shape [examples]
 * @param groups shape [examples]; each example is a group of its own where left out
 */
export function stratifiedFolds(
  labels: ArrayLike<number>,
  k: number,
  seed: number,
  groups?: ArrayLike<number | string>,
): Fold[] {
  if (k < 2) throw new Error(`cross-validation needs 2 folds or more, not ${k}`);
  const members = groupExamples(labels.length, groups);
  if (members.length < k) throw new Error(`${members.length} groups do not fill ${k} folds`);
  const order = Int32Array.from(members, (_, index) => index);
  new Random(seed, STREAM).shuffle(order);
  const positives = (group: readonly number[]): number =>
    group.reduce((sum, example) => sum + (labels[example] ?? 0), 0);
  // Dealt out like cards, groups with positives first: fold sizes and label shares differ by a group at most.
  const dealt = Array.from(order, (index) => members[index] ?? [])
    .map((group) => ({ group, share: positives(group) / group.length }))
    .sort((a, b) => b.share - a.share);
  const tests: number[][] = Array.from({ length: k }, () => []);
  for (const [index, { group }] of dealt.entries()) tests[index % k]?.push(...group);
  return tests.map((test) => {
    const inTest = new Set(test);
    const train = Array.from(labels, (_, example) => example).filter((one) => !inTest.has(one));
    return { train, test: test.sort((a, b) => a - b) };
  });
}

function groupExamples(count: number, groups?: ArrayLike<number | string>): number[][] {
  const examples = Array.from({ length: count }, (_, example) => example);
  if (groups === undefined) return examples.map((example) => [example]);
  return [...Map.groupBy(examples, (example) => groups[example] ?? example).values()];
}

/**
 * k folds that only ever look ahead: the examples, sorted by time, are cut into k + 1 parts; fold i trains on the first
 * i parts and tests on the next. Equal times stay on one side of a cut.
 *
 * @param times shape [examples]
 */
export function timeOrderedFolds(times: ArrayLike<number>, k: number): Fold[] {
  if (k < 1) throw new Error(`cross-validation needs a fold, not ${k}`);
  const order = Array.from(times, (_, example) => example).sort(
    (a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b,
  );
  const cuts = Array.from({ length: k + 2 }, (_, part) => {
    let cut = Math.round((part * order.length) / (k + 1));
    while (cut > 0 && cut < order.length && times[order[cut] ?? 0] === times[order[cut - 1] ?? 0]) {
      cut++;
    }
    return cut;
  });
  return Array.from({ length: k }, (_, fold) => ({
    train: order.slice(0, cuts[fold + 1]),
    test: order.slice(cuts[fold + 1], cuts[fold + 2]),
  })).filter((fold) => fold.train.length > 0 && fold.test.length > 0);
}
