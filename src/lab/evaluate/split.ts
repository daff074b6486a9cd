// What an evaluation learns from and is judged by: a test file, or the last part of train.
import type { Example } from "../../../models/evaluate/judge.ts";
import type { NextItemData } from "../../../models/next-item/data/dataset.ts";
import { readTestFile, SourceError } from "../sources/index.ts";
import type { TestPair } from "../sources/index.ts";
import { loadData, type LoadOptions } from "../train/load-data.ts";

export type Split = {
  data: NextItemData;
  examples: Example[];
  /** Clicks of each item in `data`; shape [items]. */
  clicks: Int32Array;
};

/** Share of the sessions, the most recent ones, that `--validate` judges by: the protocol of the benchmarks. */
const VALIDATION_SHARE = 0.1;

/** Learns from all of train; judged by a file of `context<TAB>target`. */
export async function splitByTestFile(
  train: string,
  test: string,
  options: LoadOptions = {},
): Promise<Split> {
  const pairs = await readTestFile(test);
  const { data, vocabulary } = await loadData(train, options);
  const indices = new Map(vocabulary.map((id, index) => [id, index]));
  const groups = groupPairs(pairs);
  const examples = pairs.map(({ context, target }, position) => ({
    // An item that train does not have tells no model anything.
    context: context.map((id) => indices.get(id) ?? -1).filter((item) => item >= 0),
    target: indices.get(target) ?? -1,
    group: groups[position] ?? 0,
  }));
  return { data, examples, clicks: countClicks(data) };
}

/** Learns from the first 90% of the sessions; judged by every click but the first of the others. */
export async function splitByOrder(train: string, options: LoadOptions = {}): Promise<Split> {
  const { data: all } = await loadData(train, options);
  const cut = Math.floor(all.sessions.length * (1 - VALIDATION_SHARE));
  const data = { ...all, sessions: all.sessions.slice(0, cut) };
  const examples = all.sessions.slice(cut).flatMap(({ items }, group) =>
    items.slice(1).map((target, index) => ({
      context: items.slice(0, index + 1),
      target,
      group,
    })),
  );
  if (examples.length === 0) {
    throw new SourceError(`The last tenth of ${train} has no session of two clicks to judge by.`);
  }
  return { data, examples, clicks: countClicks(data) };
}

/** Test files list the prefixes of a session one after the other: those belong to one group. */
export function groupPairs(pairs: readonly TestPair[]): number[] {
  let group = 0;
  return pairs.map((pair, index) => {
    const before = pairs[index - 1];
    if (before !== undefined && !continues(before, pair) && !continues(pair, before)) group++;
    return group;
  });
}

/** Whether `long` asks for the click after the one that `short` asks for. */
function continues(long: TestPair, short: TestPair): boolean {
  return (
    long.context.length === short.context.length + 1 &&
    long.context.at(-1) === short.target &&
    short.context.every((item, index) => item === long.context[index])
  );
}

function countClicks(data: NextItemData): Int32Array {
  const clicks = new Int32Array(data.items);
  for (const { items } of data.sessions) {
    for (const item of items) clicks[item] = (clicks[item] ?? 0) + 1;
  }
  return clicks;
}
