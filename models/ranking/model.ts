// The ranking model on one page, for training and for serving alike: features -> shared layers -> a logit for each task.
// A linear way past the layers learns the plain blend of sources at once (wide & deep: Cheng et al., DLRS 2016); the
// tasks share the layers (hard parameter sharing: Caruana, 1997).
import { add, mul, sub } from "../graph/ops/arithmetic.ts";
import { gelu } from "../graph/ops/elementwise.ts";
import { reshape } from "../graph/ops/layout.ts";
import { linear } from "../graph/ops/matmul.ts";
import { scaledNormal, ZERO } from "../optimise/parameters.ts";
import type { Bound, Parameter } from "../optimise/parameters.ts";
import type { Dim } from "../graph/shape.ts";
import type { Value } from "../graph/graph.ts";
import type { RankingTask } from "./config.ts";

export type ModelShape = {
  /** Features of a candidate. */
  width: number;
  hidden: readonly number[];
  tasks: readonly RankingTask[];
};

/** Makes features of mean 0 and deviation 1, each [width]; an inverse of 0 shuts out a feature that never changed. */
export type Normalisation = { mean: Float32Array; inverse: Float32Array };

/** Features further than this many deviations off are taken as this far: nothing was learned about them. */
const FARTHEST = 5;

export function rankingParameters({ width, hidden, tasks }: ModelShape): Parameter[] {
  const layers = hidden.map((size, layer) => ({ size, from: hidden[layer - 1] ?? width, layer }));
  const top = hidden.at(-1) ?? width;
  return [
    ...layers.flatMap(({ size, from, layer }) => [
      { name: `layer${layer}`, shape: [from, size], initial: scaledNormal(from) },
      { name: `layer${layer}.bias`, shape: [size], initial: ZERO },
    ]),
    ...tasks.flatMap((task) => [
      { name: `${task}.deep`, shape: [top, 1], initial: scaledNormal(top) },
      { name: `${task}.wide`, shape: [width, 1], initial: ZERO },
      { name: `${task}.bias`, shape: [1], initial: ZERO },
    ]),
  ];
}

/** Logits by task, each [rows], of features [rows, width]. */
export function scoreCandidates(
  features: Value,
  normalisation: Normalisation,
  bound: Bound,
  { hidden, tasks }: ModelShape,
): Map<RankingTask, Value> {
  const rows: Dim = features.shape[0] ?? 0;
  const input = normalise(features, normalisation);
  let deep = input;
  for (const layer of hidden.keys()) {
    deep = gelu(linear(deep, bound(`layer${layer}`), bound(`layer${layer}.bias`)));
  }
  return new Map(
    tasks.map((task) => {
      const wide = linear(input, bound(`${task}.wide`), bound(`${task}.bias`));
      return [task, reshape(add(wide, linear(deep, bound(`${task}.deep`))), [rows])];
    }),
  );
}

/** Features as the layers read them. */
export function normalise(features: Value, { mean, inverse }: Normalisation): Value {
  const { graph } = features;
  const centred = sub(features, graph.constant(mean, [mean.length]));
  const scaled = mul(centred, graph.constant(inverse, [inverse.length]));
  // No gradient is asked for before this point.
  return graph.apply("Clip", [scaled, graph.scalar(-FARTHEST), graph.scalar(FARTHEST)], scaled);
}
