// The lists that an evaluation of ranking is made of: an encoder that does not know the last part of the log, and what
// retrieval with it would have shown at moments of that part. Made once, for all folds and contenders.
import { Random } from "../../../../models/graph/random.ts";
import type { TrainConfig } from "../../../../models/next-item/config.ts";
import type { NextItemData } from "../../../../models/next-item/data/dataset.ts";
import { EVENT_TYPES } from "../../../../models/next-item/data/event-log.ts";
import type { RankingConfig } from "../../../../models/ranking/config.ts";
import { pairConfig, trainEarlier } from "../../../../models/ranking/train/encoder-pair.ts";
import { makeLists } from "../../../../models/ranking/train/make-lists.ts";
import { drawTargets, laterTargets } from "../../../../models/ranking/train/moments.ts";
import type { TargetPosition } from "../../../../models/ranking/train/moments.ts";
import { LIST_STREAM } from "../../../../models/ranking/streams.ts";
import type { TrainingSet } from "../../../../models/ranking/train/training-set.ts";
import type { Runtime } from "../../../../models/runtime/runtime.ts";
import { SourceError } from "../../sources/index.ts";
import type { RankingInput } from "../../train/load-ranking.ts";
import { showEpoch, showProgress } from "../../train/show-progress.ts";
import { showRanking } from "../../train/show-ranking.ts";

/** Lists that are judged, in full length: some 100 KB each. A larger log has further ones to learn from. */
const MAX_JUDGED = 6000;

/** `held` is judged, whole; `train` can be learned from only. Features of both come from the same replay. */
export async function prepareLists(
  { data, watch }: RankingInput,
  configs: { encoder: TrainConfig; ranking: RankingConfig },
  targets: readonly TargetPosition[],
  runtime: Runtime,
): Promise<TrainingSet> {
  const { ranking } = configs;
  const bar = showProgress();
  const hooks = { onProgress: bar.update, onEpoch: showEpoch };
  const config = pairConfig(configs.encoder, ranking.share);
  const encoder = await trainEarlier({ data, config, runtime, ...hooks }).finally(bar.stop);
  const shown = showRanking();
  const making = { data, encoders: [encoder], config: ranking, watch, targets };
  const set = await makeLists(making, shown.hooks.onList).finally(shown.stop);
  await encoder.scorer.release();
  return set;
}

/**
 * A random choice of the last part's moments. Throws, with a sentence, where the log has nothing to judge by: before
 * anything was trained.
 */
export function chooseJudged(
  { data, source }: Pick<RankingInput, "data" | "source">,
  config: RankingConfig,
  folds: number,
): TargetPosition[] {
  if (!hasType(data, "add_to_cart") && !hasType(data, "purchase")) {
    throw new SourceError(
      `${source} tells of neither carts nor purchases, so there is nothing to rank by but clicks: --task next-item judges those.`,
    );
  }
  const later = laterTargets(data, config);
  const sessions = new Set(later.map(({ session }) => session)).size;
  if (sessions < folds) {
    throw new SourceError(
      `The last part of ${source} has ${sessions} sessions of two events, which is too few for ${folds} folds.`,
    );
  }
  const random = new Random(config.seed, LIST_STREAM.judged);
  const chosen = drawTargets(later, config.lists + MAX_JUDGED, random);
  const judged = new Set(drawTargets(chosen, MAX_JUDGED, random));
  return chosen.map((target) => ({
    session: target.session,
    at: target.at,
    held: judged.has(target),
  }));
}

function hasType({ sessions }: NextItemData, type: (typeof EVENT_TYPES)[number]): boolean {
  const number = EVENT_TYPES.indexOf(type);
  return sessions.some(({ types }) => types?.includes(number));
}
