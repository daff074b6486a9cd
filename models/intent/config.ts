// The settings of an intent model: the questions that it answers, and how it learns.
import * as z from "zod";

/**
 * Each answered at an event, for what comes after it. `buys`: in this session. `left`: the cart at hand, as the session
 * ends. The others are a discrete hazard: a return within an hour of the session's end, within a day if not within the
 * hour, within three days if not within the day.
 */
export const HEADS = ["buys", "left", "return_1h", "return_24h", "return_72h"] as const;
export type IntentHead = (typeof HEADS)[number];

const count = z.int().positive();
const share = z.number().min(0).lt(1);

export const IntentConfig = z.strictObject({
  seed: z.int().nonnegative(),
  /** Networks whose logits are averaged; each starts elsewhere. */
  members: count,
  /** Widths of the layers; none leaves a logistic regression. */
  hidden: z.array(count),
  /** Share of the sessions, the latest, that decide when to stop and that calibrate. */
  validation: share,
  /** Rows in a step. */
  batch: count,
  epochs: count,
  /** Epochs without a better validation before training stops. */
  patience: count,
  learningRate: z.number().positive(),
  weightDecay: z.number().nonnegative(),
  clipNorm: z.number().positive(),
});

export type IntentConfig = z.infer<typeof IntentConfig>;

const DEFAULT_INTENT_CONFIG: IntentConfig = {
  seed: 1,
  members: 3,
  hidden: [32],
  validation: 0.15,
  batch: 256,
  epochs: 12,
  patience: 4,
  learningRate: 2e-3,
  weightDecay: 0.1,
  clipNorm: 5,
};

/** Fills in defaults. Throws, with a sentence, for an unknown setting or an impossible value. */
export function completeIntentConfig(part: Readonly<Record<string, unknown>> = {}): IntentConfig {
  const parsed = IntentConfig.safeParse({ ...DEFAULT_INTENT_CONFIG, ...part });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`The configuration is not valid: ${issue?.path.join(".")}: ${issue?.message}.`);
}
