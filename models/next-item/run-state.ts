// What a training run has learned so far, as named arrays for a checkpoint and back.
import { COMMON_CALIBRATION, NO_CALIBRATION } from "./calibration.ts";
import type { RunPlace } from "./checkpoint.ts";
import type { TrainConfig } from "./config.ts";
import type { Learner } from "./learner.ts";
import type { Calibration, Weights } from "./serving-graph.ts";
import { toUnitLength } from "./unit-length.ts";

export type RunState = {
  learner: Learner;
  place: RunPlace;
  /** The weights of the search's best epoch so far. */
  best: Weights | null;
};

/** A copy that later steps do not change. */
export function captureWeights(learner: Learner, calibration: Calibration): Weights {
  const { config, features, parameters, tower } = learner;
  const vectors = toUnitLength(tower.vectors(), tower.dim);
  const content = tower.table.slice(tower.items * tower.dim);
  return { config, calibration, features, parameters: parameters.slice(), vectors, content };
}

export function captureState({ learner, best }: RunState): Record<string, Float32Array> {
  const { parameters, mean, variance, tower, rowOptimiser } = learner;
  const rows = Object.fromEntries(rowOptimiser.state.map((array, i) => [`rows${i}`, array]));
  const arrays = { parameters, mean, variance, table: tower.table, ...rows };
  if (!best) return arrays;
  return {
    ...arrays,
    best_parameters: best.parameters,
    best_vectors: best.vectors,
    best_content: best.content,
  };
}

/** Puts back what `captureState` gave. Throws where an array is missing or of another length. */
export function restoreState(state: RunState, arrays: Record<string, Float32Array>): void {
  const { learner } = state;
  const take = (name: string, length: number) => {
    const array = arrays[name];
    if (array?.length !== length) throw new Error(`the checkpoint has no fitting "${name}"`);
    return array;
  };
  const { length } = learner.parameters;
  learner.parameters = take("parameters", length);
  learner.mean = take("mean", length);
  learner.variance = take("variance", length);
  learner.tower.table.set(take("table", learner.tower.table.length));
  for (const [i, array] of learner.rowOptimiser.state.entries())
    array.set(take(`rows${i}`, array.length));
  const { best_parameters: parameters, best_vectors: vectors, best_content: content } = arrays;
  if (parameters && vectors && content) {
    const { config, features } = learner;
    const calibration = provisionalCalibration(config);
    state.best = { config, calibration, features, parameters, vectors, content };
  }
}

/** Until it is fitted. */
export function provisionalCalibration({ pointer }: TrainConfig): Calibration {
  return pointer ? COMMON_CALIBRATION : NO_CALIBRATION;
}
