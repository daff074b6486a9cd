// How sure of themselves catalogue and pointer should be, fitted after training on held-back examples: first by
// likelihood (temperature scaling: Guo et al., ICML 2017), then the pointer by the order that comes of it. Trained
// against sampled negatives, the catalogue's logits are too steep beside the pointer's; three numbers put that right
// without touching a weight.
import { encodeModel } from "../../graph/onnx.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { fitLikelihood, readLikelihood } from "./calibrate-likelihood.ts";
import type { Likelihood } from "./calibrate-likelihood.ts";
import { fitOrder, readRankCase } from "./calibrate-order.ts";
import type { RankCase } from "./calibrate-order.ts";
import { outputRows, partByLength, runContexts } from "../serve/scorer.ts";
import { buildServingGraph } from "../network/serving-graph.ts";
import type { Calibration, Weights } from "../network/serving-graph.ts";
import type { Example } from "./examples.ts";

/** What held-back sessions of two unlike shops agreed on; used where nothing was held back. */
export const COMMON_CALIBRATION: Calibration = {
  catalogue: 0.95,
  pointerSlope: 0.85,
  pointerShift: 2.5,
};

export const NO_CALIBRATION: Calibration = { catalogue: 1, pointerSlope: 1, pointerShift: 0 };

/** Examples whose likelihood is looked at: more change the second digit no more. */
const LIKELY = 1500;
/** Contexts scored at a time. */
const PART = 64;

export type Evidence = { likelihood: Likelihood[]; rankCases: RankCase[] };

/** The calibration that serves best. `examples` should want only items that training showed. */
export async function fitCalibration(
  weights: Weights,
  examples: readonly Example[],
  runtime: Runtime,
): Promise<Calibration> {
  const { likelihood, rankCases } = await gatherEvidence(weights, examples, runtime);
  if (likelihood.length === 0) return COMMON_CALIBRATION;
  return fitOrder(rankCases, fitLikelihood(likelihood, COMMON_CALIBRATION));
}

/** What the raw model makes of the examples, in any order. @param likely of how many of them, the first, the likelihood is read */
export async function gatherEvidence(
  weights: Weights,
  examples: readonly Example[],
  runtime: Runtime,
  likely = LIKELY,
): Promise<Evidence> {
  const raw = { ...weights, calibration: NO_CALIBRATION };
  const session = await runtime.load(encodeModel(buildServingGraph(raw, { catalogueOnly: true })));
  const { length } = weights.config;
  const evidence: Evidence = { likelihood: [], rankCases: [] };
  const contexts = examples.map(({ context }) => context);
  for (const part of partByLength(contexts, PART)) {
    const asked = part.flatMap((index) => contexts[index] ?? []);
    const results = await runContexts(session, asked, length);
    const scores = outputRows(results, "scores", part.length);
    const pointers = outputRows(results, "pointer", part.length);
    for (const [i, index] of part.entries()) {
      const [row, logits, example] = [scores[i], pointers[i], examples[index]];
      if (!row || !logits || !example) continue;
      const { context, target } = example;
      const items = context.items.slice(-length);
      const last = Array.from(logits.subarray(logits.length - items.length));
      if (index < likely) evidence.likelihood.push(readLikelihood(row, last, items, target));
      evidence.rankCases.push(readRankCase(row, last, items, target));
    }
  }
  await session.release();
  return evidence;
}
