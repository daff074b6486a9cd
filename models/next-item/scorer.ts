// A trained model as a scorer, through its serving graph: what is judged is what serves.
import type { Scorer } from "../evaluate/scorer.ts";
import { encodeModel } from "../graph/onnx.ts";
import type { Runtime, Tensor } from "../runtime/runtime.ts";
import { buildServingGraph } from "./serving-graph.ts";
import type { ServingOptions, Weights } from "./serving-graph.ts";
import { float32Output } from "./step-feeds.ts";

/** Contexts in one run of the graph: 64 rows of scores over 40,000 items are 10 MB. */
const RUN_BATCH = 64;

export type EncoderScorer = Scorer & {
  /** Unit session states, one [dim] for each context. */
  encode(contexts: readonly (readonly number[])[]): Promise<Float32Array[]>;
  release(): Promise<void>;
};

/** Contexts are item indices, oldest first; only the last `config.length` count. Types and gaps are taken as unknown (0). */
export async function createScorer(
  weights: Weights,
  runtime: Runtime,
  options: ServingOptions = {},
): Promise<EncoderScorer> {
  const { config, vectors } = weights;
  const items = vectors.length / config.dim;
  const session = await runtime.load(encodeModel(buildServingGraph(weights, options)));

  async function run(
    contexts: readonly (readonly number[])[],
    output: string,
    width: number,
  ): Promise<Float32Array[]> {
    const rows: Float32Array[] = [];
    for (let from = 0; from < contexts.length; from += RUN_BATCH) {
      const part = contexts.slice(from, from + RUN_BATCH);
      const feeds = contextFeeds(part, config.length, session.inputs);
      const data = float32Output(await session.run(feeds), output);
      for (let i = 0; i < part.length; i++) rows.push(data.subarray(i * width, (i + 1) * width));
    }
    return rows;
  }

  return {
    name: config.encoder,
    score: (contexts) => run(contexts, "scores", items),
    encode: (contexts) => run(contexts, "state", config.dim),
    release: () => session.release(),
  };
}

/** Right-aligned rows of length `length`, -1 on the left. */
export function contextFeeds(
  contexts: readonly (readonly number[])[],
  length: number,
  inputs: readonly string[],
): Record<string, Tensor> {
  const data = new BigInt64Array(contexts.length * length).fill(-1n);
  for (const [i, context] of contexts.entries()) {
    const last = context.slice(-length);
    const from = (i + 1) * length - last.length;
    for (const [j, item] of last.entries()) data[from + j] = BigInt(item);
  }
  const dims = [contexts.length, length];
  const feeds: Record<string, Tensor> = { items: { type: "int64", data, dims } };
  for (const name of inputs) {
    if (name === "items") continue;
    feeds[name] = { type: "int64", data: new BigInt64Array(data.length), dims };
  }
  return feeds;
}

/** `vectors` [rows, dim] with each row divided by its length; zero rows stay zero. */
export function toUnitLength(vectors: Float32Array, dim: number): Float32Array {
  const unit = vectors.slice();
  for (let at = 0; at < unit.length; at += dim) {
    const row = unit.subarray(at, at + dim);
    const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));
    if (length > 0) for (const [d, x] of row.entries()) row[d] = x / length;
  }
  return unit;
}
