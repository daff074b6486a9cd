// Which models an isolate serves: it follows the registry's pointers, and opens beside them what experiments name. A
// version that will not do is refused with a reason, and what served goes on serving. Whatever is on trial comes second:
// for room, and in time.
//
// What serves after a look, by what the two pointers lead to:
//
//   next-item      ranking                     serves
//   -------------  --------------------------  ----------------------------------------------------
//   none will do   any                         what served; in a new isolate the blend without models
//   opened         none                        next-item alone
//   opened         trained on it               the pair; next-item alone until the pair has learned
//   opened         trained on another          the pair that served, for PAIR_PATIENCE; then next-item alone
//   waits for room any                         what served; trials are closed to make room
import { accept } from "../../durable/state/result.ts";
import type { RankingModel } from "../../models/ranking/serve/open-ranking.ts";
import type { NextItemModel } from "../../models/next-item/serve/open-next-item.ts";
import type { Opened } from "../../models/registry/model-cache.ts";
import type { FollowerState } from "../../models/registry/pointer-follower.ts";
import { NO_MODELS } from "../recommend/rank/model-set.ts";
import type { ModelNames, ModelSet } from "../recommend/rank/model-set.ts";
import type { SetMaker } from "./set-maker.ts";

/** Follows the pointer of one task. */
export type FollowsPointer<T> = {
  readonly serving: T | null;
  readonly state: FollowerState;
  /** False where what the pointer asks for has to wait for room. */
  refresh(now: number): Promise<boolean>;
};

/** The versions of one task that are open. */
export type OpenVersions<T> = {
  open(version: string, now: number): Promise<Opened<T>>;
  retain(wanted: ReadonlySet<string>, now: number): Promise<void>;
};

type Task<T> = { follower: FollowsPointer<T>; cache: OpenVersions<T> };

export type WatchedTasks = { nextItem: Task<NextItemModel>; ranking: Task<RankingModel> };

/** A set that an experiment asks for; `reason`: why it is not open, or null. */
export type Trial = { names: ModelNames; set: ModelSet | null; reason: string | null };

/** Sets on trial at a time: each may hold an index of its own over the last clicks, some MB. */
const MAX_TRIALS = 2;

/**
 * ms that a pair which serves goes on when only one of the two pointers has moved: two promotions are two requests, and
 * the pair is better than half of the next one.
 */
const PAIR_PATIENCE = 30_000;

export class ModelWatch {
  readonly #tasks: WatchedTasks;
  readonly #maker: SetMaker;
  readonly #wanted: () => readonly ModelNames[];
  #champion = NO_MODELS;
  #trials: ReadonlyMap<string, Trial> = new Map();
  /** Why the ranking model that is loaded does not put lists in order, or null; and since when a pair waits for that. */
  #incompatibility: string | null = null;
  #atOddsSince: number | null = null;

  /** @param wanted what the experiments that run ask for */
  constructor(tasks: WatchedTasks, maker: SetMaker, wanted: () => readonly ModelNames[]) {
    this.#tasks = tasks;
    this.#maker = maker;
    this.#wanted = wanted;
  }

  /** What answers. The same object as long as nothing was swapped. */
  get champion(): ModelSet {
    return this.#champion;
  }

  /** Whether an answer has to do without a model that should take part. A shop need not have a ranking model. */
  get isLacking(): boolean {
    const { nextItem, ranking } = this.#champion;
    return (
      nextItem === null || (ranking === null && this.#tasks.ranking.follower.state.wanted !== null)
    );
  }

  /** A set on trial, or null where it is not open. */
  find(names: ModelNames): ModelSet | null {
    return this.#trials.get(keyOf(names))?.set ?? null;
  }

  get trials(): Trial[] {
    return [...this.#trials.values()];
  }

  get state(): FollowerState {
    const serving = this.#champion.nextItem?.model.version ?? null;
    return { ...this.#tasks.nextItem.follower.state, serving };
  }

  /** A ranking model that is loaded but fits no next-item model here counts as refused for the time being. */
  get rankingState(): FollowerState {
    const { wanted, refused, serving } = this.#tasks.ranking.follower.state;
    const stage = this.#champion.ranking?.model.version ?? null;
    if (this.#incompatibility === null || serving === null)
      return { wanted, refused, serving: stage };
    return {
      wanted,
      serving: stage,
      refused: [...refused, { version: serving, reason: this.#incompatibility }],
    };
  }

  async refresh(now: number): Promise<void> {
    const { nextItem, ranking } = this.#tasks;
    const rooms = [await nextItem.follower.refresh(now), await ranking.follower.refresh(now)];
    await this.#renewChampion(now);
    // What serves has the right of way: what is on trial makes room.
    await this.#renewTrials(rooms.every(Boolean) ? this.#wanted() : [], now);
    const sets = new Set([this.#champion, ...this.trials.flatMap(({ set }) => set ?? [])]);
    this.#maker.keep(sets);
    await this.#sweep(sets, now);
  }

  /** The old set answers until the new one is ready. */
  async #renewChampion(now: number): Promise<void> {
    const model = this.#tasks.nextItem.follower.serving;
    const ranking = this.#tasks.ranking.follower.serving;
    if (this.#champion.nextItem === null) {
      // Nothing to go on with: the model answers at once, though its ranking model has to learn first.
      this.#champion = (await this.#maker.make(model, null)).set;
    }
    const { set, incompatibility } = await this.#maker.make(model, ranking);
    this.#incompatibility = incompatibility;
    const isPoorer = this.#champion.ranking !== null && set.ranking === null && ranking !== null;
    this.#atOddsSince = isPoorer ? (this.#atOddsSince ?? now) : null;
    if (this.#atOddsSince !== null && now - this.#atOddsSince < PAIR_PATIENCE) return;
    this.#champion = set;
    this.#maker.share(set);
  }

  async #renewTrials(wanted: readonly ModelNames[], now: number): Promise<void> {
    const trials = new Map<string, Trial>();
    for (const names of wanted) {
      const key = keyOf(names);
      if (trials.has(key)) continue;
      const tooMany = `An isolate tries ${MAX_TRIALS} sets of models at a time.`;
      const isFull = trials.size >= MAX_TRIALS;
      trials.set(
        key,
        isFull ? { names, set: null, reason: tooMany } : await this.#openTrial(names, now),
      );
    }
    this.#trials = trials;
  }

  /** A set for a moment: the next look closes what nobody else wants. */
  async openBriefly(names: ModelNames, now: number): Promise<Trial> {
    return await this.#openTrial(names, now);
  }

  async #openTrial(names: ModelNames, now: number): Promise<Trial> {
    const { nextItem, ranking } = this.#tasks;
    try {
      const model = await openNamed(nextItem, names.next_item, now);
      const ranker = await openNamed(ranking, names.ranking, now);
      if (!model.ok) return { names, set: null, reason: model.reason.message };
      if (!ranker.ok) return { names, set: null, reason: ranker.reason.message };
      const { set, incompatibility } = await this.#maker.make(model.value, ranker.value);
      if (incompatibility !== null && names.ranking !== undefined)
        return { names, set: null, reason: incompatibility };
      return { names, set, reason: null };
    } catch (error) {
      // What serves must not suffer from what is on trial; tried again at the next look.
      return { names, set: null, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async #sweep(sets: ReadonlySet<ModelSet>, now: number): Promise<void> {
    const { nextItem, ranking } = this.#tasks;
    const named = this.trials.map(({ names }) => names);
    const list = (...versions: (string | undefined)[]) =>
      new Set(versions.filter((version) => version !== undefined));
    await nextItem.cache.retain(
      list(
        nextItem.follower.serving?.version,
        ...[...sets].map((set) => set.nextItem?.model.version),
        ...named.map((names) => names.next_item),
      ),
      now,
    );
    await ranking.cache.retain(
      list(
        ranking.follower.serving?.version,
        ...[...sets].map((set) => set.ranking?.model.version),
        ...named.map((names) => names.ranking),
      ),
      now,
    );
  }
}

/** The version of a name; where there is none, what the pointer leads to. */
async function openNamed<T>(
  { follower, cache }: Task<T>,
  version: string | undefined,
  now: number,
): Promise<Opened<T | null>> {
  if (version === undefined) return accept(follower.serving);
  return await cache.open(version, now);
}

const keyOf = ({ next_item, ranking }: ModelNames): string =>
  JSON.stringify([next_item ?? null, ranking ?? null]);
