// The second stage: a learned model puts the candidates of a request in order.
import type { ShopperContext } from "./context.ts";
import type { CandidatePool } from "./pool.ts";

export interface RankingStage {
  readonly version: string;
  /** A score for each slot of the pool, higher is better; null for a context that it cannot judge. */
  rank(pool: CandidatePool, context: ShopperContext): Promise<Float32Array | null>;
}
