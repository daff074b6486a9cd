// A trained model as a scorer, through its serving graph: what is judged is what serves.
import type { Scorer } from "../../evaluate/scorer.ts";
import { encodeModel } from "../../graph/onnx.ts";
import { float32Output } from "../../runtime/feeds.ts";
import type { Runtime, Session, Tensor } from "../../runtime/runtime.ts";
import type { SessionSequence } from "../data/dataset.ts";
import { gapAt } from "../data/features.ts";
import { buildServingGraph } from "../network/serving-graph.ts";
import type { ServingOptions, Weights } from "../network/serving-graph.ts";

/** Contexts in one run of the graph: 64 rows of scores over 40,000 items are 10 MB. */
const RUN_BATCH = 64;

export type EncoderScorer = Scorer & {
  /** Like `score`, with types and times where the model takes them. */
  scoreSessions(contexts: readonly SessionSequence[]): Promise<Float32Array[]>;
  /** Unit session states, one [dim] for each context. */
  encode(contexts: readonly (readonly number[])[]): Promise<Float32Array[]>;
  release(): Promise<void>;
};

/** Contexts are item indices, oldest first; only the last `config.length` count. */
export async function createScorer(
  weights: Weights,
  runtime: Runtime,
  options: ServingOptions = {},
): Promise<EncoderScorer> {
  const session = await runtime.load(encodeModel(buildServingGraph(weights, options)));
  const { length } = weights.config;

  async function run(
    contexts: readonly SessionSequence[],
    output: string,
  ): Promise<Float32Array[]> {
    const rows: Float32Array[] = [];
    for (let from = 0; from < contexts.length; from += RUN_BATCH) {
      const part = contexts.slice(from, from + RUN_BATCH);
      rows.push(...outputRows(await runContexts(session, part, length), output, part.length));
    }
    return rows;
  }

  const wrap = (contexts: readonly (readonly number[])[]) => contexts.map((items) => ({ items }));
  return {
    name: weights.config.encoder,
    score: (contexts) => run(wrap(contexts), "scores"),
    scoreSessions: (contexts) => run(contexts, "scores"),
    encode: (contexts) => run(wrap(contexts), "state"),
    release: () => session.release(),
  };
}

/**
 * Runs a serving graph on contexts, right-aligned in rows as long as the longest of them with -1 on the left.
 *
 * @param most events of a context that count, the last ones
 */
export function runContexts(
  session: Session,
  contexts: readonly SessionSequence[],
  most: number,
): Promise<Record<string, Tensor>> {
  const longest = contexts.reduce((length, { items }) => Math.max(length, items.length), 1);
  const length = Math.min(most, longest);
  const dims = [contexts.length, length];
  const fill = (read: (context: SessionSequence, event: number) => number): Tensor => {
    const data = new BigInt64Array(contexts.length * length).fill(-1n);
    for (const [row, context] of contexts.entries()) {
      const end = context.items.length;
      const shift = (row + 1) * length - end;
      for (let event = Math.max(0, end - most); event < end; event++) {
        data[shift + event] = BigInt(read(context, event));
      }
    }
    return { type: "int64", data, dims };
  };
  const feeds: Record<string, Tensor> = { items: fill(({ items }, event) => items[event] ?? -1) };
  if (session.inputs.includes("types"))
    feeds["types"] = fill(({ types }, event) => types?.[event] ?? -1);
  if (session.inputs.includes("gaps")) feeds["gaps"] = fill(gapAt);
  return session.run(feeds);
}

/**
 * Indexes of the contexts in parts of at most `most`, short ones together: the graph runs over as many events as the
 * longest of a part has.
 */
export function partByLength(contexts: readonly SessionSequence[], most: number): number[][] {
  const lengthAt = (index: number) => contexts[index]?.items.length ?? 0;
  const order = [...contexts.keys()].toSorted((a, b) => lengthAt(a) - lengthAt(b));
  const parts = Math.ceil(order.length / most);
  return Array.from({ length: parts }, (_, part) => order.slice(part * most, (part + 1) * most));
}

/** The rows of a result [count, ...], as views. */
export function outputRows(
  results: Record<string, Tensor>,
  output: string,
  count: number,
): Float32Array[] {
  const data = float32Output(results, output);
  const width = data.length / count;
  return Array.from({ length: count }, (_, row) => data.subarray(row * width, (row + 1) * width));
}
