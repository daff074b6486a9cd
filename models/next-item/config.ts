// The settings of a next-item training run; one default for all data sets.
import * as z from "zod";

export const ENCODER_NAMES = ["hstu", "sasrec", "gru", "lstm", "caser", "nextitnet"] as const;
export type EncoderName = (typeof ENCODER_NAMES)[number];

const count = z.int().positive();
const share = z.number().min(0).lt(1);
const rate = z.number().positive();

export const TrainConfig = z.strictObject({
  encoder: z.enum(ENCODER_NAMES),
  /** Seeds initial values, shuffling, negatives and dropout. */
  seed: z.int().nonnegative(),
  /** Width of item vectors and of the session state. */
  dim: count,
  layers: count,
  heads: count,
  /** Slots in a packed row, and the longest context that the model sees. */
  length: count,
  /** Packed rows in a step. */
  batch: count,
  /** Of the blocks' outputs, and of the embedded events. */
  dropout: share,
  inputDropout: share,
  /** Chance that a click is left out of its session in the first epoch; it falls to 0 until the last. */
  clickDropout: share,
  /** How much rarer the last epoch shows old sessions than new ones (the oldest: e^-recency); the first shows all alike. */
  recency: z.number().nonnegative(),
  /** Whether the model may also point back at an item of the session; see pointer.ts. */
  pointer: z.boolean(),
  epochs: count,
  /** Epochs with a validation NDCG@20 clearly worse than the best before training stops. */
  patience: count,
  /** Share of the most recent sessions held back for validation; 0 trains on everything, without a check. */
  validation: share,
  /** After validation, whether to go on from the best epoch with all sessions, through the last epochs once more. */
  refit: z.boolean(),
  /** Negatives drawn from the batch's own targets (by popularity) and from all items alike. */
  batchNegatives: z.int().nonnegative(),
  uniformNegatives: count,
  /** Cosines are multiplied by it before the softmax (an inverse temperature). */
  scale: rate,
  learningRate: rate,
  weightDecay: z.number().nonnegative(),
  /** Learning rate and optimiser of the item and content tables. */
  rowLearningRate: rate,
  rowOptimiser: z.enum(["adagrad", "adam"]),
  /** Steps of linear warm-up; then linear decay to zero. */
  warmupSteps: count,
  /** Longest gradient of the dense parameters that is taken as it is. */
  clipNorm: rate,
  /** Chance that an item's own row is hidden in a step so that its content alone must do. */
  itemDropout: share,
});

export type TrainConfig = z.infer<typeof TrainConfig>;

const DEFAULT_CONFIG: TrainConfig = {
  encoder: "hstu",
  seed: 1,
  dim: 128,
  layers: 2,
  heads: 2,
  length: 40,
  batch: 32,
  dropout: 0.3,
  inputDropout: 0.2,
  clickDropout: 0.2,
  recency: 3,
  pointer: true,
  epochs: 12,
  patience: 3,
  validation: 0.1,
  refit: true,
  batchNegatives: 256,
  uniformNegatives: 384,
  scale: 12,
  learningRate: 2e-3,
  weightDecay: 0.01,
  rowLearningRate: 2e-2,
  rowOptimiser: "adam",
  warmupSteps: 200,
  clipNorm: 5,
  itemDropout: 0.1,
};

/** Fills in defaults. Throws, with a sentence, for an unknown setting or an impossible value. */
export function completeConfig(part: Readonly<Record<string, unknown>> = {}): TrainConfig {
  const parsed = TrainConfig.safeParse({ ...DEFAULT_CONFIG, ...part });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`The configuration is not valid: ${issue?.path.join(".")}: ${issue?.message}.`);
  }
  const { dim, heads } = parsed.data;
  if (dim % heads !== 0) throw new Error(`A width of ${dim} does not divide into ${heads} heads.`);
  return parsed.data;
}
