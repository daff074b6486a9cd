// Champion and challenger on the same questions, each pair of models as it serves.
import { comparePaired } from "../../models/evaluate/compare.ts";
import type { Judgement } from "../../models/evaluate/judge.ts";
import { gainsOf } from "../../models/evaluate/metrics.ts";
import { summarise } from "../../models/evaluate/summary.ts";
import type { Runtime } from "../../models/runtime/runtime.ts";
import type { Evidence } from "./gate.ts";
import type { ExportedLog } from "./read-exports.ts";
import { rehearse } from "./rehearse.ts";
import { NO_FILES, openSide, type PairFiles, type ServingSide, type Shop } from "./serving-side.ts";
import type { TimeSplit } from "./split-by-time.ts";

export type Trial = {
  log: ExportedLog;
  split: TimeSplit;
  challenger: PairFiles;
  champion: PairFiles;
  runtime: Runtime;
  seed: number;
};

/**
 * A pair whose files would be refused is judged by what a Worker would serve without them: the next-item model alone, or
 * none.
 */
export async function gatherEvidence(trial: Trial): Promise<Evidence> {
  const { log, split, runtime, seed } = trial;
  const mine = await openWhatServes(log, trial.challenger, runtime);
  const theirs = await openWhatServes(log, trial.champion, runtime);
  const { examples, judgements, ms } = await rehearse(log, split.cut, [mine.side, theirs.side]);
  await mine.side.release();
  await theirs.side.release();
  const [challenger, champion] = judgements;
  if (challenger === undefined || champion === undefined) throw new Error("two sides were asked");
  const sum = (one: Judgement) => summarise(one, examples, split.clicks, seed);
  const groups = examples.map(({ group }) => group);
  const compare = (metric: "mrr" | "hr") => {
    const gains = (one: Judgement) => gainsOf(one.ranks, metric, 20);
    return comparePaired(gains(challenger), gains(champion), groups, { seed });
  };
  return {
    examples: examples.length,
    challenger: sum(challenger),
    champion: sum(champion),
    comparison: compare("mrr"),
    hitRate: compare("hr"),
    schemaError: mine.reason,
    bytes: mine.side.bytes,
    ms: ms[0] ?? Number.NaN,
  };
}

type Opened = { side: ServingSide; reason: string | null };

async function openWhatServes(shop: Shop, files: PairFiles, runtime: Runtime): Promise<Opened> {
  const opened = await openSide(shop, files, runtime);
  if (opened.ok) return { side: opened.value, reason: null };
  const { nextItem, ranking } = files;
  const less = ranking === null ? NO_FILES : { nextItem, ranking: null };
  const { side } = await openWhatServes(shop, less, runtime);
  return { side, reason: opened.reason };
}
