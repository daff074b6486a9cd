// One entrant of an evaluation: something that learns from the split's data and can then rank all items.
import type { LearningCurve } from "../../../models/evaluate/report/next-item-report.ts";
import type { Scorer } from "../../../models/evaluate/scorer.ts";
import type { NextItemData } from "../../../models/next-item/data/dataset.ts";
import type { EncoderPair } from "../../../models/ranking/train/encoder-pair.ts";

export type Fitted = {
  scorer: Scorer;
  trainSeconds: number;
  /** Set where the entrant is an encoder, for entrants that build on it. */
  encoder?: EncoderPair;
  curve?: LearningCurve;
  release(): Promise<void>;
};

export type Contender = {
  readonly name: string;
  /** Learns from `data`. `earlier` holds the entrants fitted before, by name, for one that combines them. */
  fit(data: NextItemData, earlier: ReadonlyMap<string, Fitted>): Promise<Fitted>;
};
