// The settings of a next-item training run; one default for all data sets.

export const ENCODER_NAMES = ["hstu", "sasrec", "gru", "lstm", "caser", "nextitnet"] as const;
export type EncoderName = (typeof ENCODER_NAMES)[number];

export type TrainConfig = {
  encoder: EncoderName;
  /** Seeds initial values, shuffling, negatives and dropout. */
  seed: number;
  /** Width of item vectors and of the session state. */
  dim: number;
  layers: number;
  heads: number;
  /** Slots in a packed row, and the longest context that the model sees. */
  length: number;
  /** Packed rows in a step. */
  batch: number;
  /** Of the blocks' outputs, and of the embedded events. */
  dropout: number;
  inputDropout: number;
  /** Whether the model may also point back at an item of the session; see pointer.ts. */
  pointer: boolean;
  epochs: number;
  /** Epochs without a better validation MRR@20 before training stops. */
  patience: number;
  /** Share of the most recent sessions held back for validation, 0..1; 0 trains on everything, without a check. */
  validation: number;
  /** After validation, whether to train anew on all sessions, for as many epochs as were best. */
  refit: boolean;
  /** Negatives drawn from the batch's own targets (by popularity) and from all items alike. */
  batchNegatives: number;
  uniformNegatives: number;
  /** Cosines are multiplied by it before the softmax (an inverse temperature). */
  scale: number;
  learningRate: number;
  weightDecay: number;
  /** Learning rate and optimiser of the item and content tables. */
  rowLearningRate: number;
  rowOptimiser: "adagrad" | "adam";
  /** Steps of linear warm-up; then linear decay to zero. */
  warmupSteps: number;
  /** Longest gradient of the dense parameters that is taken as it is. */
  clipNorm: number;
  /** Chance that an item's own row is hidden in a step so that its content alone must do. */
  itemDropout: number;
};

export const DEFAULT_CONFIG: TrainConfig = {
  encoder: "hstu",
  seed: 1,
  dim: 64,
  layers: 1,
  heads: 2,
  length: 40,
  batch: 32,
  dropout: 0.3,
  inputDropout: 0,
  pointer: true,
  epochs: 8,
  patience: 2,
  validation: 0.1,
  refit: true,
  batchNegatives: 256,
  uniformNegatives: 512,
  scale: 16,
  learningRate: 2e-3,
  weightDecay: 0.01,
  rowLearningRate: 5e-3,
  rowOptimiser: "adam",
  warmupSteps: 200,
  clipNorm: 5,
  itemDropout: 0.1,
};
