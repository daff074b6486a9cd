// The settings of a ranking model and of its training; one default for all data sets.
import * as z from "zod";

/** What a shopper may do next; a log of views knows the first only. */
export const TASKS = ["click", "cart", "purchase"] as const;
export type RankingTask = (typeof TASKS)[number];

const count = z.int().positive();
const share = z.number().min(0).lt(1);
const rate = z.number().positive();

export const RankingConfig = z.strictObject({
  /** Seeds initial values, the choice of candidates and the order of lists. */
  seed: z.int().nonnegative(),
  /** Widths of the shared layers. */
  hidden: z.array(count).min(1),
  /** Share of the most recent sessions that lists are made of, by sources that learned from those before. */
  share,
  /** Share of the lists, the most recent ones, that decide when to stop. */
  validation: share,
  /** Lists learned from at most, a random choice. */
  lists: count,
  /** Candidates of a list in training: what came next and a random choice of the others. */
  listLength: z.int().min(2),
  /** Lists in a step. */
  batch: count,
  epochs: count,
  /** Epochs with a validation clearly worse than the best before training stops. */
  patience: count,
  learningRate: rate,
  warmupSteps: count,
  weightDecay: z.number().nonnegative(),
  /** Longest gradient that is taken as it is. */
  clipNorm: rate,
});

export type RankingConfig = z.infer<typeof RankingConfig>;

// Chosen inside train of two public logs; what was tried is in models/NOTES.md.
export const DEFAULT_RANKING_CONFIG: RankingConfig = {
  seed: 1,
  hidden: [64, 32],
  share: 0.05,
  validation: 0.1,
  lists: 16_000,
  listLength: 100,
  batch: 32,
  epochs: 4,
  patience: 2,
  learningRate: 3e-3,
  warmupSteps: 100,
  weightDecay: 0.01,
  clipNorm: 5,
};

/** A small log gives a larger part of itself to lists, so that there are about so many ... */
const ENOUGH_LISTS = 8_000;
/** ... but leaves most of itself for the sources to learn from. */
const LARGEST_SHARE = 0.4;

/** The share of the sessions that lists are made of, for a log of so many clicks: the configured one or more. */
export function shareFor({ share }: RankingConfig, clicks: number): number {
  const wanted = ENOUGH_LISTS / Math.max(1, clicks);
  return Math.max(share, Math.min(LARGEST_SHARE, wanted));
}

/** Fills in defaults. Throws, with a sentence, for an unknown setting or an impossible value. */
export function completeRankingConfig(part: Readonly<Record<string, unknown>> = {}): RankingConfig {
  const parsed = RankingConfig.safeParse({ ...DEFAULT_RANKING_CONFIG, ...part });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`The configuration is not valid: ${issue?.path.join(".")}: ${issue?.message}.`);
}
