// What the pipeline reads everything through: what the isolate holds, and one look at the shopper's object.
import type { ShopperState } from "../../durable/state/shopper.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { LiveIndex } from "../live/live-index.ts";
import type { Degradation } from "./contract.ts";
import type { Experiment } from "./experiment/contract.ts";
import type { FindModels, ModelSet } from "./rank/model-set.ts";
import type { PolicyBook } from "./rules/policy-book.ts";

/** What it takes to rank under one variant. */
export type RankDeps = {
  catalog: Catalog;
  live: LiveIndex;
  policies: PolicyBook;
  /** ms since the epoch. */
  now: number;
  /** A running clock in ms, for the timings. */
  clock: () => number;
};

export type RecommendDeps = RankDeps & {
  experiments: readonly Experiment[];
  /** Of every variant that asks for no others. */
  models: ModelSet;
  /** What a variant of an experiment may ask for in place of them. */
  findModels: FindModels;
  /** undefined where the shopper cannot be read, or not in time. */
  readShopper: (shopper: string) => Promise<ShopperView | undefined>;
  /** What of the above is not as it should be. */
  degraded: readonly Degradation[];
  createId: () => string;
};

/**
 * The shopper as the object tells; `null` state for one never seen. `personalization`: the consent last given.
 * `shopper`: the pseudonym under which it is kept now.
 */
export type ShopperView = { shopper: string; state: ShopperState | null; personalization: boolean };
