// The whole pipeline as an entrant: retrieval sources and the encoders fitted before it, put in order by the ranker.
import type { RankingConfig } from "../../../models/ranking/config.ts";
import { createPipelineScorer } from "../../../models/ranking/serve/pipeline-scorer.ts";
import { createRanker } from "../../../models/ranking/serve/ranker.ts";
import { trainPipeline } from "../../../models/ranking/train/train-pipeline.ts";
import type { Runtime } from "../../../models/runtime/runtime.ts";
import { showRanking } from "../train/show-ranking.ts";
import type { Contender } from "./contender.ts";

/** Its learning time is its own; that of the encoders is told with them. */
export function createPipelineContender(config: RankingConfig, runtime: Runtime): Contender {
  return {
    name: "pipeline",
    async fit(data, earlier) {
      const started = performance.now();
      const encoders = [...earlier.values()].flatMap(({ encoder }) => encoder ?? []);
      const shown = showRanking();
      const training = { data, encoders, config, runtime, hooks: shown.hooks };
      const { pipeline, ranker } = await trainPipeline(training).finally(shown.stop);
      const serving = await createRanker(ranker.weights, runtime);
      return {
        scorer: createPipelineScorer(pipeline, serving, data.items),
        trainSeconds: (performance.now() - started) / 1000,
        release: () => serving.release(),
      };
    },
  };
}
