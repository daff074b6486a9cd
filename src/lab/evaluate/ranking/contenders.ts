// Entrants of an evaluation of ranking: the ranker, one source alone, and the base rate that anybody can quote.
import { fitPlatt, scaleByPlatt } from "../../../../models/evaluate/binary/platt.ts";
import { concatenate } from "../../../../models/evaluate/binary/concatenate.ts";
import type { RankingConfig, RankingTask } from "../../../../models/ranking/config.ts";
import { featureNames } from "../../../../models/ranking/features/features.ts";
import type { FeatureSources } from "../../../../models/ranking/features/features.ts";
import { createRanker } from "../../../../models/ranking/serve/ranker.ts";
import { trainRanker } from "../../../../models/ranking/train/train-ranker.ts";
import { labelsOf } from "../../../../models/ranking/train/training-set.ts";
import type { RankedList } from "../../../../models/ranking/train/training-set.ts";
import type { Runtime } from "../../../../models/runtime/runtime.ts";
import type { ListFold } from "./folds.ts";

/** Of each task the probability of every candidate, [count]. */
export type ListAnswer = Partial<Record<RankingTask, ArrayLike<number>>>;

export type FittedRanker = {
  answer(list: RankedList): Promise<ListAnswer> | ListAnswer;
  /** Loss of each epoch, where it learned by epochs. */
  losses?: readonly number[];
  release?(): Promise<void>;
};

export type ListContender = {
  readonly name: string;
  /** Whether it puts a list in order; the base rate does not. */
  readonly orders: boolean;
  /** Learns from everything but the fold's judged lists. */
  fit(
    fold: Omit<ListFold, "judged">,
    tasks: readonly RankingTask[],
    onStep: (step: number, steps: number) => void,
  ): Promise<FittedRanker>;
};

/** What ranks well by itself already: the strongest retriever, plain counts of pairs, and the encoder. */
const RIVALS = ["vmis-knn", "co-visitation-recent"];

export function listRankingContenders(
  sources: FeatureSources,
  config: RankingConfig,
  runtime: Runtime,
): ListContender[] {
  const encoders = sources.names.slice(-sources.encoders);
  const rivals = [...encoders, ...RIVALS].map((name) => sourceAlone(name, sources));
  return [wholeRanker(config, runtime), ...rivals, baseRate()];
}

function wholeRanker(config: RankingConfig, runtime: Runtime): ListContender {
  return {
    name: "ranker",
    orders: true,
    async fit({ learn }, tasks, onStep) {
      const { weights, history } = await trainRanker(learn, config, runtime, { onStep });
      const missing = tasks.find((task) => !weights.shape.tasks.includes(task));
      if (missing !== undefined) {
        throw new Error(
          `A fold has no ${missing} to learn from: take fewer folds or a longer log.`,
        );
      }
      const ranker = await createRanker(weights, runtime);
      return {
        losses: history.map(({ loss }) => loss),
        release: () => ranker.release(),
        async answer({ features, count }) {
          const { click, cart, purchase } = await ranker.rank(features, count);
          return { ...(click && { click }), ...(cart && { cart }), ...(purchase && { purchase }) };
        },
      };
    },
  };
}

/** A source's share of the candidates' scores as the only predictor, made a probability of each task by Platt scaling. */
function sourceAlone(name: string, sources: FeatureSources): ListContender {
  const column = featureNames(sources).indexOf(`${name}.log_share`);
  if (column < 0) throw new Error(`there is no source ${name}`);
  const sharesOf = ({ features, count }: RankedList): Float32Array => {
    const width = features.length / count;
    return Float32Array.from({ length: count }, (_, row) => features[row * width + column] ?? 0);
  };
  return {
    name,
    orders: true,
    fit({ known }, tasks) {
      const shares = concatenate(known.map(sharesOf));
      const scales = tasks.map((task) => {
        const labels = concatenate(known.map((list) => labelsOf(list, task)));
        return [task, fitPlatt(labels, shares)] as const;
      });
      return Promise.resolve({
        answer(list) {
          const own = sharesOf(list);
          const scaled = scales.map(([task, scale]) => [
            task,
            Float64Array.from(own, (share) => scaleByPlatt(scale, share)),
          ]);
          return Object.fromEntries(scaled);
        },
      });
    },
  };
}

function baseRate(): ListContender {
  return {
    name: "base rate",
    orders: false,
    fit({ known }, tasks) {
      const rates = tasks.map((task) => {
        const labels = concatenate(known.map((list) => labelsOf(list, task)));
        return [task, labels.reduce((sum, label) => sum + label, 0) / labels.length] as const;
      });
      return Promise.resolve({
        answer: ({ count }) =>
          Object.fromEntries(
            rates.map(([task, rate]) => [task, new Float64Array(count).fill(rate)]),
          ),
      });
    },
  };
}
