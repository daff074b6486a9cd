// How the epochs of a training run went, and which of them was best.
import { lastAsGood } from "../../evaluate/last-as-good.ts";
import type { Quality } from "../calibrate/validation.ts";

/** `quality` is that on the held-back sessions; null where the epoch was not judged. */
export type EpochReport = { epoch: number; loss: number; quality: Quality | null };

/** The epoch that is kept, by NDCG@20, which weighs finding the next item (HR) and placing it high (MRR). */
export function bestEpoch(
  history: readonly EpochReport[],
): (EpochReport & { quality: Quality }) | undefined {
  const judged = history.flatMap(({ quality, ...rest }) => (quality ? [{ ...rest, quality }] : []));
  return lastAsGood(judged, ({ quality }) => quality.ndcg20);
}

/** What a manifest says of how the best epoch did; nothing where none was judged. */
export function validationMetrics(history: readonly EpochReport[]): Record<string, number> {
  const { quality } = bestEpoch(history) ?? {};
  return quality ? { "validation_hr@20": quality.hr20, "validation_mrr@20": quality.mrr20 } : {};
}
