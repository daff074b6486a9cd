// From the files of a ranking version to a model that answers: checks its features, loads it, runs it once.
import { accept, refuse } from "../../../durable/state/result.ts";
import * as z from "zod";
import { areFinite } from "../../registry/finite.ts";
import { SLOWEST_ANSWER } from "../../next-item/serve/open-next-item.ts";
import { ALONE, isWithin } from "../../registry/pace.ts";
import type { Pace } from "../../registry/pace.ts";
import type { OpenModel, Served } from "../../registry/model-cache.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { featureNames, rankingSchema } from "../features/features.ts";
import type { FeatureSources } from "../features/features.ts";
import { RANKING_GRAPH } from "./model-folder.ts";
import { wrapRanker } from "./ranker.ts";
import type { Ranker, RankingAnswer } from "./ranker.ts";
import { createSources } from "../features/sources.ts";
import type { LogSize } from "../features/sources.ts";

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

/** As many candidates as a request may have at most. */
const PROBED = 500;

export function openRanking(runtime: Runtime, pace: Pace = ALONE): OpenModel<RankingModel> {
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
    const fault = await tryOut(ranker, featureMeans, pace);
    if (fault === null) {
      return accept({ ...ranker, version, sources, logSize, nextItemVersions, featureMeans });
    }
    await ranker.release();
    return refuse(`Model ${version} ${fault}.`);
  };
}

/** Lets the model judge candidates as unlike as can be; the reason why it will not do, or null. */
async function tryOut(ranker: Ranker, means: Float32Array, pace: Pace): Promise<string | null> {
  const width = means.length;
  const features = Float32Array.from({ length: PROBED * width }, (_, at) => {
    const row = Math.floor(at / width);
    const mean = means[at % width] ?? 0;
    // All 0, then the means, then further and further away from them.
    return row === 0 ? 0 : mean + (row - 1) * (at % 2 === 0 ? 0.1 : -0.1);
  });
  let fault: string | null = null;
  const isFast = await isWithin(SLOWEST_ANSWER, pace, async () => {
    fault ??= findFault(await ranker.rank(features, PROBED));
  });
  return fault ?? (isFast ? null : `takes longer than ${SLOWEST_ANSWER} ms for one list`);
}

function findFault({ scores, cart, purchase }: RankingAnswer): string | null {
  const heads = [scores, cart, purchase].filter((head) => head !== null);
  const short = heads.find(({ length }) => length !== PROBED);
  if (short !== undefined) return `scores ${short.length} candidates of ${PROBED}`;
  return heads.every(areFinite) ? null : "gives scores that are no numbers";
}
