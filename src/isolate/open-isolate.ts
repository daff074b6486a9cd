// Wires what an isolate holds in memory to the bindings: D1, R2, the queue, the model runtime. Once per isolate.
import { refuse } from "../../durable/state/result.ts";
import type { Result } from "../../durable/state/result.ts";
import { readDeclarations } from "../catalog/declarations.ts";
import { readChangedItems } from "../catalog/read-items.ts";
import type { Task } from "../../models/registry/keys.ts";
import { openIntent } from "../../models/intent/serve/open-intent.ts";
import { openRanking } from "../../models/ranking/serve/open-ranking.ts";
import { FILES } from "../../models/next-item/serve/model-folder.ts";
import { openNextItem } from "../../models/next-item/serve/open-next-item.ts";
import { ModelMemory } from "../../models/registry/memory.ts";
import { readPointer } from "../../models/registry/pointer.ts";
import { ModelCache } from "../../models/registry/model-cache.ts";
import type { Opened, OpenModel, Served } from "../../models/registry/model-cache.ts";
import { PointerFollower } from "../../models/registry/pointer-follower.ts";
import type { TryOut } from "../../models/registry/promote.ts";
import { fetchManifest, fetchVersion } from "../../models/registry/verify.ts";
import { createWorkersRuntime } from "../../models/runtime/workers.ts";
import { judgeVocabulary } from "./judge-vocabulary.ts";
import { ShownBuffer } from "./shown-lists.ts";
import { IntentWatch } from "./intent-watch.ts";
import { Isolate } from "./isolate.ts";
import type { ModelNames } from "../recommend/rank/model-set.ts";
import { ModelWatch } from "./model-watch.ts";
import { findIncompatibility } from "../recommend/rank/ranking-stage.ts";
import { SetMaker } from "./set-maker.ts";
import { ShadowLane } from "./shadow-lane.ts";
import { readLastSeq, readLogTail } from "../log/log-tail.ts";
import { logShadows, logShown } from "../log/send.ts";
import { readSettings } from "../shop/settings.ts";

export type Held = {
  isolate: Isolate;
  intent: IntentWatch;
  shown: ShownBuffer;
  shadows: ShadowLane;
  /**
   * Opens a version and leaves it open for a while: it may be wanted soon. Of other tasks the files are checked only. What
   * speaks of other items than the shop's will not do.
   */
  tryOut: TryOut;
  /**
   * The same for a version that is to serve at once: of a ranking model, the next-item model that it reads must be there.
   * Which of the two is promoted first is all one.
   */
  tryToServe: TryOut;
  /** Why a ranking model does not belong beside the next-item model that is named or serves, or null. */
  findIncompatibility: (names: ModelNames) => Promise<string | null>;
};

const HELD = new WeakMap<Env, Held>();

export function holdIsolate(env: Env): Held {
  const known = HELD.get(env);
  if (known !== undefined) return known;
  const ports = {
    readChangedItems: (after: number, limit: number) => readChangedItems(env.DB, after, limit),
    readLogTail: (afterSeq: number, limit: number) => readLogTail(env.DB, afterSeq, limit),
    readLastSeq: () => readLastSeq(env.DB),
    readDeclarations: () => readDeclarations(env.DB),
  };
  const runtime = createWorkersRuntime();
  const pace = { yieldToRequests, clock: () => performance.now() };
  const memory = new ModelMemory();
  function watch<T extends Served>(task: Task, open: OpenModel<T>) {
    const cache = new ModelCache(env.BUCKET, task, open, memory);
    return { cache, follower: new PointerFollower(env.BUCKET, task, cache) };
  }
  const tasks = {
    nextItem: watch(
      "next-item",
      openNextItem(runtime, (id) => held.isolate.catalog.intern(id), pace),
    ),
    ranking: watch("ranking", openRanking(runtime, pace)),
    intent: watch("intent", openIntent(runtime)),
  };
  const { money, trend_shoppers } = readSettings(env);
  async function tryNextItem(version: string, now: number): Promise<Result<unknown>> {
    const opened = inWords(await tasks.nextItem.cache.open(version, now, true));
    if (!opened.ok) return opened;
    await held.isolate.reloadItems();
    const reason = judgeVocabulary(held.isolate.catalog, opened.value.numbers);
    return reason === null ? opened : refuse(`Model ${version} ${reason}.`);
  }
  /** Why a ranking model could never serve, or null. */
  async function findMissingEncoder(version: string): Promise<string | null> {
    const opened = await tasks.ranking.cache.open(version, Date.now());
    if (!opened.ok) return opened.reason.message;
    const [wanted = null] = opened.value.nextItemVersions;
    const reason = findIncompatibility(opened.value, wanted);
    if (reason !== null || wanted === null)
      return reason ?? `Model ${version} names no next-item model.`;
    const encoder = await fetchManifest(env.BUCKET, "next-item", wanted);
    if (encoder.ok && FILES.vectors in encoder.value.files) return null;
    const missing = encoder.ok ? `${wanted} has no vectors` : encoder.reason;
    return `Model ${version} reads next-item model ${wanted}: ${missing}`;
  }
  const held: Held = {
    isolate: new Isolate(
      ports,
      ({ wanted, ...known }) => {
        return new ModelWatch(tasks, new SetMaker(known, money.scale, yieldToRequests), wanted);
      },
      trend_shoppers,
    ),
    intent: new IntentWatch(tasks.intent.follower, tasks.intent.cache),
    shown: new ShownBuffer((lists) => logShown(env.LOG_QUEUE, lists)),
    shadows: new ShadowLane((rows) => logShadows(env.LOG_QUEUE, rows), yieldToRequests),
    async tryOut(task, version) {
      const now = Date.now();
      if (task === "next-item") return await tryNextItem(version, now);
      if (task === "ranking") return inWords(await tasks.ranking.cache.open(version, now, true));
      if (task === "intent") return inWords(await tasks.intent.cache.open(version, now, true));
      return await fetchVersion(env.BUCKET, task, version);
    },
    async tryToServe(task, version) {
      const tried = await held.tryOut(task, version);
      if (!tried.ok || task !== "ranking") return tried;
      const reason = await findMissingEncoder(version);
      return reason === null ? tried : refuse(reason);
    },
    async findIncompatibility({ next_item, ranking }) {
      if (ranking === undefined) return null;
      const opened = await tasks.ranking.cache.open(ranking, Date.now());
      if (!opened.ok) return opened.reason.message;
      const serving = await readPointer(env.BUCKET, "next-item");
      return findIncompatibility(opened.value, next_item ?? serving?.pointer.version ?? null);
    },
  };
  HELD.set(env, held);
  return held;
}

/** Forgets what the isolate holds, as when it ends: the next request finds a new one. */
export function dropIsolate(env: Env): void {
  HELD.delete(env);
}

function inWords<T>(opened: Opened<T>): Result<T> {
  return opened.ok ? opened : refuse(opened.reason.message);
}

/** Lets what else waits in the isolate go first. */
function yieldToRequests(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
