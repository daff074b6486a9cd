// From sessions and encoders to a pipeline that ranks: lists are made by sources as they were before the last part of
// the log, the ranking model learns from them, and then serves over sources that know all of it.
import type { NextItemData } from "../../next-item/data/dataset.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { RankingConfig } from "../config.ts";
import { assemble, measureLog } from "./assemble.ts";
import type { EncoderPair } from "./encoder-pair.ts";
import { makeLists } from "./make-lists.ts";
import { chooseTargets } from "./moments.ts";
import type { Pipeline } from "../features/pipeline.ts";
import { clicksOf } from "./replay.ts";
import type { ShopperWatch } from "./replay.ts";
import type { LogSize } from "../features/sources.ts";
import { trainRanker } from "./train-ranker.ts";
import type { RankerHooks, TrainedRanker } from "./train-ranker.ts";

export type PipelineHooks = RankerHooks & {
  /** Lists made, of how many. */
  onList?: (done: number, of: number) => void;
};

export type TrainedPipeline = {
  /** Its sources know all of the log; its encoders are the full ones. */
  pipeline: Pipeline;
  ranker: TrainedRanker;
  /** Share of the next items that were among the candidates, 0..1. */
  recall: number;
  logSize: LogSize;
  /** What it took, without the encoders. */
  seconds: number;
};

export type PipelineTraining = {
  data: NextItemData;
  encoders: readonly Pick<EncoderPair, "earlier" | "full">[];
  config: RankingConfig;
  runtime: Runtime;
  hooks?: PipelineHooks;
  /** Brings the shoppers' states along, for a log that tells of shoppers. */
  watch?: ShopperWatch;
};

export async function trainPipeline(training: PipelineTraining): Promise<TrainedPipeline> {
  const { data, encoders, config, runtime, hooks = {}, watch } = training;
  const started = performance.now();
  const targets = chooseTargets(data, config);
  const earlier = encoders.map((pair) => pair.earlier);
  const set = await makeLists({ data, encoders: earlier, config, watch, targets }, hooks.onList);
  const ranker = await trainRanker(set, config, runtime, hooks);

  const logSize = measureLog(data);
  const pipeline = assemble(
    encoders.map(({ full }) => full),
    logSize,
    watch !== undefined,
  );
  for (const click of clicksOf(data.sessions)) pipeline.observe(click);
  const seconds = (performance.now() - started) / 1000;
  return { pipeline, ranker, recall: set.recall, logSize, seconds };
}
