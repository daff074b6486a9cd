// A trained ranking model that answers, through its serving graph: what is judged is what serves.
import { encodeModel } from "../../graph/onnx.ts";
import { floats } from "../../runtime/feeds.ts";
import type { Runtime, Session } from "../../runtime/runtime.ts";
import { buildRankingGraph } from "./serving-graph.ts";
import type { RankingWeights } from "./serving-graph.ts";

/** All [count]; null for a task that the model did not learn, or that was not wanted. */
export type RankingAnswer = {
  scores: Float32Array;
  click: Float32Array | null;
  cart: Float32Array | null;
  purchase: Float32Array | null;
};

export type Ranker = {
  /**
   * @param features [count, width]; what is behind them is not read
   * @param wanted of the answer, beside the scores; everything where it is not said
   */
  rank(
    features: Float32Array,
    count: number,
    wanted?: readonly (keyof RankingAnswer)[],
  ): Promise<RankingAnswer>;
  release(): Promise<void>;
};

export async function createRanker(weights: RankingWeights, runtime: Runtime): Promise<Ranker> {
  return wrapRanker(
    await runtime.load(encodeModel(buildRankingGraph(weights))),
    weights.shape.width,
  );
}

export function wrapRanker(session: Session, width: number): Ranker {
  return {
    async rank(features, count, wanted = ["click", "cart", "purchase"]) {
      const data = features.subarray(0, count * width);
      const feeds = { features: floats(data, [count, width]) };
      const results = await session.run(feeds, ["scores", ...wanted]);
      const read = (name: string): Float32Array | null => {
        const tensor = results[name];
        return tensor?.type === "float32" ? tensor.data : null;
      };
      const scores = read("scores");
      if (scores === null) throw new Error("the model has no float32 output `scores`");
      return { scores, click: read("click"), cart: read("cart"), purchase: read("purchase") };
    },
    release: () => session.release(),
  };
}
