// Lists from a log, as encoders and sources would have made them before its last part was known.
import type { NextItemData } from "../../next-item/data/dataset.ts";
import { assemble, measureLog } from "./assemble.ts";
import type { RankingConfig } from "../config.ts";
import type { FrozenEncoder } from "./encoder-pair.ts";
import { countEarlier } from "./moments.ts";
import type { TargetPosition } from "./moments.ts";
import { replayByTime, replaySessions } from "./replay.ts";
import type { ShopperWatch } from "./replay.ts";
import { buildTrainingSet } from "./training-set.ts";
import type { TrainingSet } from "./training-set.ts";

export type ListMaking = {
  data: NextItemData;
  /** That know nothing of the last part. */
  encoders: readonly FrozenEncoder[];
  config: RankingConfig;
  /** Brings the shoppers' states along, for a log that tells of shoppers. */
  watch?: ShopperWatch;
  /** Where in the last part lists are made. */
  targets: readonly TargetPosition[];
};

/** @param onList lists made, of how many */
export function makeLists(
  { data, encoders, config, watch, targets }: ListMaking,
  onList?: (done: number, of: number) => void,
): Promise<TrainingSet> {
  const early = { ...data, sessions: data.sessions.slice(0, countEarlier(data, config.share)) };
  const pipeline = assemble(encoders, measureLog(early), watch !== undefined);
  const timed = data.sessions.some(({ times }) => times !== undefined);
  const replay = timed
    ? replayByTime(data, config, watch, targets)
    : replaySessions(data, config, targets);
  return buildTrainingSet(pipeline, replay, config, (done) => onList?.(done, targets.length));
}
