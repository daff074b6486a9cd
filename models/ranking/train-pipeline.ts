// From sessions and encoders to a pipeline that ranks: lists are made by sources as they were before the last part of
// the log, the ranking model learns from them, and then serves over sources that know all of it.
import type { NextItemData } from "../next-item/dataset.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { RankingConfig } from "./config.ts";
import type { EncoderPair, FrozenEncoder } from "./encoder-pair.ts";
import { choosePlaces, countEarlier } from "./moments.ts";
import { clicksOf, replayByTime, replaySessions } from "./replay.ts";
import type { ShopperWatch } from "./replay.ts";
import { roundedVectors } from "./item-vectors.ts";
import { Pipeline } from "./pipeline.ts";
import { createSources } from "./sources.ts";
import type { LogSize } from "./sources.ts";
import { trainRanker } from "./train-ranker.ts";
import type { RankerHooks, TrainedRanker } from "./train-ranker.ts";
import { buildTrainingSet } from "./training-set.ts";

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
  const shopper = watch !== undefined;
  const started = performance.now();
  const early = { ...data, sessions: data.sessions.slice(0, countEarlier(data, config.share)) };
  const before = assemble(
    encoders.map(({ earlier }) => earlier),
    measureLog(early),
    shopper,
  );
  const timed = data.sessions.some(({ times }) => times !== undefined);
  const replay = timed ? replayByTime(data, config, watch) : replaySessions(data, config);
  const lists = choosePlaces(data, config).length;
  const set = await buildTrainingSet(before, replay, config, (done) => hooks.onList?.(done, lists));
  const ranker = await trainRanker(set, config, runtime, hooks);

  const logSize = measureLog(data);
  const pipeline = assemble(
    encoders.map(({ full }) => full),
    logSize,
    shopper,
  );
  for (const click of clicksOf(data.sessions)) pipeline.observe(click);
  const seconds = (performance.now() - started) / 1000;
  return { pipeline, ranker, recall: set.recall, logSize, seconds };
}

/** A pipeline that has seen nothing yet. */
function assemble(
  encoders: readonly FrozenEncoder[],
  logSize: LogSize,
  shopper: boolean,
): Pipeline {
  const [first] = encoders;
  if (first === undefined) throw new Error("a pipeline needs an encoder");
  const { config, vectors } = first.weights;
  const retrievers = createSources(logSize);
  return new Pipeline({
    retrievers,
    encoders,
    vectors: roundedVectors(vectors, config.dim),
    shopper,
  });
}

function measureLog({ sessions }: NextItemData): LogSize {
  let [clicks, from, to] = [0, Infinity, -Infinity];
  for (const click of clicksOf(sessions)) {
    clicks++;
    from = Math.min(from, click.timestamp);
    to = Math.max(to, click.timestamp);
  }
  return { sessions: sessions.length, clicks, span: Math.max(1, to - from) };
}
