// The models that rank together: one set is the champion, others may be tried beside it.
import type { NextItemSource } from "../retrieve/next-item.ts";
import type { RankingStage } from "./ranking-stage.ts";

/** null: other sources answer, and the blend puts them in order. A ranking stage reads the next-item model beside it. */
export type ModelSet = {
  readonly nextItem: NextItemSource | null;
  readonly ranking: RankingStage | null;
};

export const NO_MODELS: ModelSet = { nextItem: null, ranking: null };

/** Versions that a variant of an experiment asks for; what it does not name is the champion's. */
export type ModelNames = { next_item?: string | undefined; ranking?: string | undefined };

/** The set that answers to these names in this isolate; null where it is not open. */
export type FindModels = (names: ModelNames) => ModelSet | null;
