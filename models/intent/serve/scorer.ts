// A trained intent model that answers, through its serving graph: what is judged is what serves.
import { encodeModel } from "../../graph/onnx.ts";
import { float32Output, floats } from "../../runtime/feeds.ts";
import type { Runtime, Session } from "../../runtime/runtime.ts";
import { HEADS } from "../config.ts";
import { buildIntentGraph } from "../network.ts";
import type { IntentWeights } from "../network.ts";

export type IntentScorer = {
  /** @param features [rows, width]; gives [rows, HEADS] */
  score(features: Float32Array, rows: number): Promise<Float32Array>;
  release(): Promise<void>;
};

export async function createIntentScorer(
  weights: IntentWeights,
  runtime: Runtime,
): Promise<IntentScorer> {
  return wrapIntent(await runtime.load(encodeModel(buildIntentGraph(weights))));
}

export function wrapIntent(session: Session): IntentScorer {
  return {
    async score(features, rows) {
      const data = floats(features, [rows, features.length / rows]);
      const results = await session.run({ features: data });
      const probabilities = float32Output(results, "probabilities");
      if (probabilities.length !== rows * HEADS.length) throw new Error("a row lacks an answer");
      return probabilities;
    },
    release: () => session.release(),
  };
}
