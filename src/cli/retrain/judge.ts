// Champion and challenger on the same events, through the graphs that serve.
import { asScorer } from "../../../models/baselines/as-scorer.ts";
import { Popularity } from "../../../models/baselines/popularity.ts";
import { comparePaired } from "../../../models/evaluate/compare.ts";
import { judge, type Example, type Judgement } from "../../../models/evaluate/judge.ts";
import { gainsOf } from "../../../models/evaluate/metrics.ts";
import type { Scorer } from "../../../models/evaluate/scorer.ts";
import { summarise } from "../../../models/evaluate/summary.ts";
import type { NextItemData } from "../../../models/next-item/dataset.ts";
import type { ModelFiles } from "../../../models/registry/manifest.ts";
import type { Runtime } from "../../../models/runtime/runtime.ts";
import type { Evidence } from "./gate.ts";
import { openFolder } from "./open-folder.ts";
import type { TimeSplit } from "./split-by-time.ts";

/** Contexts asked one at a time for the latency. */
const TIMED = 50;

export type Trial = {
  split: TimeSplit;
  vocabulary: readonly string[];
  challenger: ModelFiles;
  /** Null where nothing serves: popularity is then what is to be beaten. */
  champion: ModelFiles | null;
  runtime: Runtime;
  seed: number;
};

/** Throws where the challenger's own files cannot be opened: then training, not the model, is at fault. */
export async function gatherEvidence(trial: Trial): Promise<Evidence> {
  const { split, runtime, vocabulary, seed } = trial;
  const { examples, clicks } = split;
  const contexts = new Map(
    examples.map((example, place) => [example.context, split.contexts[place] ?? { items: [] }]),
  );
  const opened = await openFolder(trial.challenger, vocabulary, contexts, runtime);
  if (!opened.ok) throw new Error(`The new model cannot be opened: ${opened.reason}`);
  const mine = opened.folder;
  const other =
    trial.champion === null
      ? null
      : await openFolder(trial.champion, vocabulary, contexts, runtime);
  const rival =
    other?.ok === true ? other.folder.scorer : learnPopularity(split.train, vocabulary.length);
  const challenger = await judge(mine.scorer, examples);
  const champion = await judge(rival, examples);
  const ms = await timeOneByOne(mine.scorer, examples);
  await mine.release();
  if (other?.ok === true) await other.folder.release();
  const summary = (judgement: Judgement) => summarise(judgement, examples, clicks, seed);
  return {
    examples: examples.length,
    challenger: summary(challenger),
    champion: summary(champion),
    comparison: comparePaired(
      gainsOf(challenger.ranks, "mrr", 20),
      gainsOf(champion.ranks, "mrr", 20),
      examples.map(({ group }) => group),
      { seed },
    ),
    schemaTrouble: null,
    bytes: mine.bytes,
    ms,
  };
}

function learnPopularity({ sessions }: NextItemData, items: number): Scorer {
  const popularity = new Popularity();
  for (const [session, { items: clicked, times }] of sessions.entries()) {
    for (const [place, item] of clicked.entries())
      popularity.observe({ session, item, timestamp: times?.[place] ?? 0 });
  }
  return asScorer(popularity, items);
}

/** Median, ms. */
async function timeOneByOne(scorer: Scorer, examples: readonly Example[]): Promise<number> {
  const times: number[] = [];
  for (const { context } of examples.slice(0, TIMED)) {
    const started = performance.now();
    await scorer.score([context]);
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
