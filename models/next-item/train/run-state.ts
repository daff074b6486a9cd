// What a training run has learned so far, as named arrays for a checkpoint and back.
import { COMMON_CALIBRATION, NO_CALIBRATION } from "../calibrate/calibration.ts";
import type { RunProgress } from "./checkpoint.ts";
import type { TrainConfig } from "../config.ts";
import type { Learner } from "./learner.ts";
import type { Calibration, Weights } from "../network/serving-graph.ts";
import { toUnitLength } from "../network/unit-length.ts";

/** All that changes while a learner learns, by name. */
export type Snapshot = Record<string, Float32Array>;

export type RunState = {
  learner: Learner;
  progress: RunProgress;
  /** The learner after the search's best epoch so far. */
  best: Snapshot | null;
  /** What the search found, once it is over. */
  searched: Weights | null;
};

/** A copy that later steps do not change. */
export function captureWeights(learner: Learner, calibration: Calibration): Weights {
  const { config, features, tower } = learner;
  const vectors = toUnitLength(tower.vectors(), tower.dim);
  const content = tower.table.slice(tower.items * tower.dim);
  const parameters = learner.dense.parameters.slice();
  return { config, calibration, features, parameters, vectors, content };
}

/** A copy that later steps do not change. */
export function snapshot(learner: Learner): Snapshot {
  const arrays = Object.entries(arraysOf(learner));
  return Object.fromEntries(arrays.map(([name, array]) => [name, array.slice()]));
}

/** Puts a learner where another stood. Throws where an array is missing or of another length. */
export function putBack(learner: Learner, arrays: Snapshot): void {
  const take = (name: string, length: number) => {
    const array = arrays[name];
    if (array?.length !== length) throw new Error(`the checkpoint has no fitting "${name}"`);
    return array;
  };
  const { dense } = learner;
  const { length } = dense.parameters;
  dense.parameters.set(take("parameters", length));
  dense.mean.set(take("mean", length));
  dense.variance.set(take("variance", length));
  learner.tower.table.set(take("table", learner.tower.table.length));
  for (const [i, array] of learner.rowOptimiser.state.entries())
    array.set(take(`rows${i}`, array.length));
}

/** Views, not copies: a checkpoint is encoded before the next step. */
export function captureState({ learner, best, searched }: RunState): Snapshot {
  const bests = Object.entries(best ?? {}).map(([name, array]) => [`${BEST}${name}`, array]);
  const arrays = { ...arraysOf(learner), ...Object.fromEntries(bests) };
  if (!searched) return arrays;
  return {
    ...arrays,
    searched_parameters: searched.parameters,
    searched_vectors: searched.vectors,
    searched_content: searched.content,
  };
}

/** Puts back what `captureState` gave. Throws where an array is missing or of another length. */
export function restoreState(state: RunState, arrays: Snapshot): void {
  const { learner, progress } = state;
  putBack(learner, arrays);
  const bests = Object.entries(arrays).filter(([name]) => name.startsWith(BEST));
  if (bests.length > 0)
    state.best = Object.fromEntries(bests.map(([name, array]) => [name.slice(BEST.length), array]));
  const { searched_parameters: parameters, searched_vectors: vectors } = arrays;
  const { searched_content: content } = arrays;
  if (!parameters || !vectors || !content) return;
  const { config, features } = learner;
  const calibration = progress.calibration ?? provisionalCalibration(config);
  state.searched = { config, calibration, features, parameters, vectors, content };
}

/** What the best epoch's arrays are called in a checkpoint begins with this. */
const BEST = "best_";

function arraysOf({ dense, tower, rowOptimiser }: Learner): Snapshot {
  const { parameters, mean, variance } = dense;
  const rows = Object.fromEntries(rowOptimiser.state.map((array, i) => [`rows${i}`, array]));
  return { parameters, mean, variance, table: tower.table, ...rows };
}

/** Until it is fitted. */
export function provisionalCalibration({ pointer }: TrainConfig): Calibration {
  return pointer ? COMMON_CALIBRATION : NO_CALIBRATION;
}
