// From the files of an intent version to a model that answers: checks its features, loads it, runs it once.
import * as z from "zod";
import { accept, refuse } from "../../../durable/state/result.ts";
import type { ShopperState } from "../../../durable/state/shopper.ts";
import { areFinite } from "../../registry/finite.ts";
import type { OpenModel, Served } from "../../registry/model-cache.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { HEADS } from "../config.ts";
import type { IntentHead } from "../config.ts";
import { INTENT_FEATURES, intentSchema, readIntent } from "../features/features.ts";
import { RateBook, RateTable } from "../features/rates.ts";
import { INTENT_GRAPH, RATES_FILE } from "./model-folder.ts";
import { wrapIntent } from "./scorer.ts";
import type { IntentScorer } from "./scorer.ts";

export type IntentAnswer = {
  probabilities: Record<IntentHead, number>;
  /** By how much `buys` falls where a feature is taken to be as it is on average; the strongest first. */
  reasons: { feature: string; contribution: number }[];
};

export interface IntentModel extends Served {
  /** Null for a shopper without a session. @param explain whether reasons are worked out */
  read(state: ShopperState, device: string | null, explain: boolean): Promise<IntentAnswer | null>;
}

const Config = z.looseObject({ feature_means: z.array(z.number()) });

/** Reasons that are told. */
const TOLD = 5;
/** Smaller contributions are noise. */
const LEAST = 0.001;

export function openIntent(runtime: Runtime): OpenModel<IntentModel> {
  return async ({ manifest, files }) => {
    const { version } = manifest;
    const schema = await intentSchema();
    if (manifest.feature_schema !== schema) {
      return refuse(
        `Model ${version} reads other features (schema ${manifest.feature_schema.slice(0, 12)}) than this program gives (${schema.slice(0, 12)}).`,
      );
    }
    const graph = files[INTENT_GRAPH];
    if (graph === undefined) return refuse(`Model ${version} has no ${INTENT_GRAPH}.`);
    const config = Config.safeParse(manifest.config);
    const table = RateTable.safeParse(parse(files[RATES_FILE]));
    if (!config.success || !table.success)
      return refuse(`Model ${version} lacks its means or ${RATES_FILE}.`);
    const means = Float32Array.from(config.data.feature_means);
    if (means.length !== INTENT_FEATURES.length)
      return refuse(`Model ${version} names other numbers of features than it reads.`);
    const scorer = wrapIntent(await runtime.load(graph));
    if (!areFinite(await scorer.score(means, 1))) {
      await scorer.release();
      return refuse(`Model ${version} gives probabilities that are no numbers.`);
    }
    const rates = new RateBook(table.data);
    return accept({
      version,
      release: () => scorer.release(),
      async read(state, device, explain) {
        const features = readIntent(state, rates, device);
        return features === null ? null : answer(scorer, features, explain ? means : null);
      },
    });
  };
}

/** Reasons are checked by removal: the network is asked again with each feature at its mean, all in one run. */
async function answer(
  scorer: IntentScorer,
  features: Float32Array,
  means: Float32Array | null,
): Promise<IntentAnswer> {
  const { length: width } = features;
  const rows = means === null ? 1 : width + 1;
  const asked = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    asked.set(features, row * width);
    if (row > 0) asked[row * width + row - 1] = means?.[row - 1] ?? 0;
  }
  const said = await scorer.score(asked, rows);
  const at = (head: IntentHead) => said[HEADS.indexOf(head)] ?? 0;
  const reasons = INTENT_FEATURES.slice(0, rows - 1)
    .map((feature, index) => ({
      feature,
      contribution: at("buys") - (said[(index + 1) * HEADS.length] ?? 0),
    }))
    .filter(({ contribution }) => Math.abs(contribution) >= LEAST)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  return {
    probabilities: {
      buys: at("buys"),
      left: at("left"),
      return_1h: at("return_1h"),
      return_24h: at("return_24h"),
      return_72h: at("return_72h"),
    },
    reasons: reasons.slice(0, TOLD),
  };
}

function parse(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
