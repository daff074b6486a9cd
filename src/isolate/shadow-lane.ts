// When shadows are ranked: after their answer, one at a time. What a shadow would have shown is only logged; whatever goes
// wrong here is logged too, and touches no answer.
import type { Recommendation, RecommendRequest } from "../recommend/contract.ts";
import { rankShadow } from "../recommend/experiment/shadow.ts";
import type { RankDeps } from "../recommend/deps.ts";
import type { ShadowTask } from "../recommend/experiment/choose-variants.ts";
import type { ShadowRow } from "../recommend/experiment/shadow.ts";
import type { WaitUntil } from "./refresher.ts";
import { log } from "../../durable/log-line.ts";

/** ms after which a shadow counts as cut off with the request that carried it. */
const LOST_AFTER = 30_000;

/** One at a time: where lists come faster than that, answers need the isolate more. */
export class ShadowLane {
  readonly #log: (rows: readonly ShadowRow[]) => Promise<void>;
  readonly #yieldToRequests: () => Promise<void>;
  #since = Number.NEGATIVE_INFINITY;

  constructor(
    log: (rows: readonly ShadowRow[]) => Promise<void>,
    yieldToRequests: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#log = log;
    this.#yieldToRequests = yieldToRequests;
  }

  /** Never waits, never throws. */
  add(
    deps: RankDeps,
    request: RecommendRequest,
    shown: Recommendation,
    shadow: ShadowTask | null,
    waitUntil: WaitUntil,
  ): void {
    if (shadow === null || deps.now - this.#since < LOST_AFTER) return;
    this.#since = deps.now;
    waitUntil(this.#run(() => rankShadow(deps, request, shown, shadow)));
  }

  async #run(rank: () => Promise<ShadowRow>): Promise<void> {
    try {
      // The answer goes first.
      await this.#yieldToRequests();
      await this.#log([await rank()]);
    } catch (error) {
      log("error", "shadow_not_logged", {}, error);
    } finally {
      this.#since = Number.NEGATIVE_INFINITY;
    }
  }
}
