// The intent model that an isolate serves: it follows the registry's pointer, and what served goes on until the next
// version has answered. Loaded by the first request that asks about intent.
import type { ShopperState } from "../../durable/state/shopper.ts";
import type { IntentAnswer, IntentModel } from "../../models/intent/serve/open-intent.ts";
import type { ModelCache } from "../../models/registry/model-cache.ts";
import type { FollowerState, PointerFollower } from "../../models/registry/pointer-follower.ts";
import { Refresher } from "./refresher.ts";
import type { WaitUntil } from "./refresher.ts";

/** ms between looks at the pointer; a Worker's work goes on for 30 s after its answer. */
const POLL_EVERY = 15_000;
const LOST_AFTER = 30_000;
/** ms that an answer waits at most for the first model. */
const BUDGET = 1000;

/** `no_session`: the shopper has done nothing yet. `bought`: this session's question is answered. */
export type Intent =
  | { kind: "scored"; version: string; answer: IntentAnswer }
  | { kind: "no_model" | "no_session" | "bought" };

export class IntentWatch {
  readonly #follower: PointerFollower<IntentModel>;
  readonly #refresher: Refresher;

  constructor(follower: PointerFollower<IntentModel>, cache: ModelCache<IntentModel>) {
    this.#follower = follower;
    const poll = { every: POLL_EVERY, staleAfter: Number.POSITIVE_INFINITY, lostAfter: LOST_AFTER };
    this.#refresher = new Refresher(poll, async (now) => {
      await follower.refresh(now);
      const { serving } = follower;
      await cache.retain(new Set(serving === null ? [] : [serving.version]), now);
    });
  }

  get state(): FollowerState {
    return this.#follower.state;
  }

  /** Why the last look failed, or null. */
  get lastError(): string | null {
    return this.#refresher.lastError;
  }

  async keepUp(now: number, waitUntil: WaitUntil): Promise<void> {
    this.#refresher.touch(now, waitUntil);
    if (this.#refresher.judge(now) !== "fresh") await this.#refresher.settle(now, BUDGET);
  }

  async read(state: ShopperState, device: string | null, explain: boolean): Promise<Intent> {
    const session = state.profile.open_sessions.at(-1);
    if (session === undefined) return { kind: "no_session" };
    // What comes after a purchase was never learned from.
    if (session.purchases > 0) return { kind: "bought" };
    const model = this.#follower.serving;
    const answer = (await model?.read(state, device, explain)) ?? null;
    if (model === null || answer === null) return { kind: "no_model" };
    return { kind: "scored", version: model.version, answer };
  }
}
