// Entrants of an evaluation of intent: the network, logistic regression, boosted trees; each by the same rows.
import { fitPlatt, scaleByPlatt } from "../../../../models/evaluate/binary/platt.ts";
import { HEADS } from "../../../../models/intent/config.ts";
import type { IntentConfig } from "../../../../models/intent/config.ts";
import { splitBySession } from "../../../../models/intent/train/rows.ts";
import type { IntentRow } from "../../../../models/intent/train/rows.ts";
import { answerRows, trainIntent } from "../../../../models/intent/train/train-intent.ts";
import type { Runtime } from "../../../../models/runtime/runtime.ts";
import { fitTrees } from "./boosted-trees.ts";

export type IntentContender = {
  name: string;
  /** Learns from `known` and gives the probability of `buys` of each row of `asked`. */
  answer(known: readonly IntentRow[], asked: readonly IntentRow[]): Promise<number[]>;
};

/** No layer, and the longer steps that a convex loss bears: by those of the network it would stop half-way. */
const LOGISTIC = { hidden: [], members: 1, learningRate: 0.02, weightDecay: 0.01 };

export function listIntentContenders(config: IntentConfig, runtime: Runtime): IntentContender[] {
  return [
    network("intent", config, runtime),
    network("logistic regression", { ...config, ...LOGISTIC }, runtime),
    boostedTrees(config),
  ];
}

function network(name: string, config: IntentConfig, runtime: Runtime): IntentContender {
  return {
    name,
    async answer(known, asked) {
      const { weights } = await trainIntent(known, config, runtime);
      const answers = await answerRows(weights, asked, runtime);
      return asked.map((_, row) => answers[row * HEADS.length] ?? Number.NaN);
    },
  };
}

/** Calibrated on the same held-back sessions as the network. */
function boostedTrees({ validation }: IntentConfig): IntentContender {
  return {
    name: "boosted trees",
    answer(known, asked) {
      const { earlier, later } = splitBySession(known, validation);
      const predict = fitTrees(earlier.map(featuresOf), earlier.map(labelOf));
      const curve = fitPlatt(later.map(labelOf), predict(later.map(featuresOf)).map(logit));
      const scores = predict(asked.map(featuresOf)).map(logit);
      return Promise.resolve(scores.map((score) => scaleByPlatt(curve, score)));
    },
  };
}

export function labelOf({ labels }: IntentRow): number {
  return labels[0] ?? 0;
}

function featuresOf({ features }: IntentRow): Float32Array {
  return features;
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}
