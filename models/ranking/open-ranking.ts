// From the files of a ranking version to a model that answers: checks its features, loads it, runs it once.
import * as z from "zod";
import type { OpenModel, Served } from "../registry/slot.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { featureNames, rankingSchema } from "./features.ts";
import type { FeatureSources } from "./features.ts";
import { RANKING_GRAPH } from "./model-folder.ts";
import { wrapRanker } from "./ranker.ts";
import type { Ranker } from "./ranker.ts";
import { createSources } from "./sources.ts";
import type { LogSize } from "./sources.ts";

export interface RankingModel extends Served, Ranker {
  /** What its features are read from; a `Pipeline` has to be built alike. */
  readonly sources: FeatureSources;
  /** For `createSources`. */
  readonly logSize: LogSize;
  /** Versions of the next-item models whose scores it reads; it serves beside exactly those. */
  readonly nextItemVersions: readonly (string | null)[];
  /** By feature: what it was on average in training. */
  readonly featureMeans: Float32Array;
}

const Config = z.looseObject({
  sources: z.object({
    names: z.array(z.string()),
    encoders: z.int().nonnegative(),
    shopper: z.boolean(),
  }),
  log_size: z.object({
    sessions: z.number().positive(),
    clicks: z.number().positive(),
    span: z.number().positive(),
  }),
  next_item_versions: z.array(z.string().nullable()),
  feature_means: z.array(z.number()),
});

export function openRanking(runtime: Runtime): OpenModel<RankingModel> {
  return async ({ manifest, files }) => {
    const { version } = manifest;
    const config = Config.safeParse(manifest.config);
    if (!config.success) {
      return refuse(
        `Model ${version} does not say which sources and next-item models its features are read from.`,
      );
    }
    const { sources, log_size: logSize, next_item_versions: nextItemVersions } = config.data;
    const featureMeans = Float32Array.from(config.data.feature_means);
    const own = createSources(logSize).map(({ name }) => name);
    const encoders = sources.names.slice(sources.names.length - sources.encoders);
    const schema = await rankingSchema({ ...sources, names: [...own, ...encoders] });
    if (manifest.feature_schema !== schema) {
      const theirs = manifest.feature_schema.slice(0, 12);
      return refuse(
        `Model ${version} reads other features (schema ${theirs}) than this program gives (${schema.slice(0, 12)}).`,
      );
    }
    const bytes = files[RANKING_GRAPH];
    if (bytes === undefined) return refuse(`Model ${version} has no ${RANKING_GRAPH}.`);
    const { length: width } = featureNames(sources);
    if (featureMeans.length !== width || nextItemVersions.length !== sources.encoders) {
      return refuse(
        `Model ${version} names other numbers of features or next-item models than it reads.`,
      );
    }
    const ranker = wrapRanker(await runtime.load(bytes), width);
    const { scores } = await ranker.rank(new Float32Array(2 * width), 2);
    if (scores.length === 2 && scores.every((score) => Number.isFinite(score))) {
      return {
        ok: true,
        model: { ...ranker, version, sources, logSize, nextItemVersions, featureMeans },
      };
    }
    await ranker.release();
    return refuse(`Model ${version} gives scores that are no numbers.`);
  };
}

const refuse = (reason: string) => ({ ok: false, reason }) as const;
