// The whole pipeline as a scorer, to be judged like a model: retrieval, features, ranking.
import type { Scorer } from "../../evaluate/scorer.ts";
import { sessionsOf } from "../../next-item/data/dataset.ts";
import type { Pipeline } from "../features/pipeline.ts";
import type { Ranker } from "./ranker.ts";

/** Contexts that the encoders are asked about together. */
const TOGETHER = 64;

/** What retrieval did not propose scores -Infinity: all tied at the end. Rows are reused. */
export function createPipelineScorer(pipeline: Pipeline, ranker: Ranker, items: number): Scorer {
  const rows: Float32Array[] = [];
  return {
    name: "pipeline",
    async score(contexts) {
      while (rows.length < contexts.length) rows.push(new Float32Array(items));
      for (let from = 0; from < contexts.length; from += TOGETHER) {
        const sessions = sessionsOf(contexts.slice(from, from + TOGETHER));
        const asked = await pipeline.ask(sessions);
        for (const [index, session] of sessions.entries()) {
          const { list, features } = pipeline.read({ session: session.items }, asked[index] ?? []);
          const { scores } = await ranker.rank(features, list.count);
          const row = rows[from + index]?.fill(-Infinity) ?? new Float32Array(0);
          for (const [rank, score] of scores.entries()) row[list.items[rank] ?? -1] = score;
        }
      }
      return rows.slice(0, contexts.length);
    },
  };
}
