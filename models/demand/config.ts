// The settings of a demand model and of its training; one default for all data sets.
import * as z from "zod";

/** Of the sum over the horizon; ends included, so that a path can be drawn between them. */
export const QUANTILES = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98] as const;

const count = z.int().positive();
const rate = z.number().positive();

export const DemandConfig = z.strictObject({
  seed: z.int().nonnegative(),
  /** Widths of the layers. */
  hidden: z.array(count).min(1),
  /** Networks of different seeds whose quantiles are averaged. */
  members: count,
  /** Days between two origins that are learned from, and how many there are at most. */
  stride: count,
  origins: count,
  batch: count,
  epochs: count,
  /** Weight of an example: its level to this power. 1 counts pieces, 0 counts items. */
  weightPower: z.number().min(0).max(1),
  learningRate: rate,
  warmupSteps: count,
  weightDecay: z.number().nonnegative(),
  clipNorm: rate,
});

export type DemandConfig = z.infer<typeof DemandConfig>;

const DEFAULT_DEMAND_CONFIG: DemandConfig = {
  seed: 1,
  hidden: [32, 16],
  members: 3,
  stride: 7,
  origins: 20,
  batch: 512,
  epochs: 6,
  weightPower: 0.8,
  learningRate: 3e-3,
  warmupSteps: 50,
  weightDecay: 0.02,
  clipNorm: 1,
};

/** Throws, with a sentence, for an unknown setting or an impossible value. */
export function completeDemandConfig(part: Readonly<Record<string, unknown>> = {}): DemandConfig {
  const parsed = DemandConfig.safeParse({ ...DEFAULT_DEMAND_CONFIG, ...part });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`The configuration is not valid: ${issue?.path.join(".")}: ${issue?.message}.`);
}

/** By item, as the items were given: pieces at each of QUANTILES. */
export type SumQuantiles = number[][];
