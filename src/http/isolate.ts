// Wires what an isolate holds in memory to the bindings: D1, R2, the queue, the model runtime. Once per isolate.
import { readDeclarations } from "../catalog/declarations.ts";
import { readChangedItems } from "../catalog/read-items.ts";
import type { Task } from "../../models/registry/keys.ts";
import { openRanking } from "../../models/ranking/open-ranking.ts";
import { openNextItem } from "../../models/registry/open-next-item.ts";
import { ModelSlot, openSafely } from "../../models/registry/slot.ts";
import type { VerifiedVersion } from "../../models/registry/verify.ts";
import { createWorkersRuntime } from "../../models/runtime/workers.ts";
import { ImpressionBuffer } from "../recommend/impressions.ts";
import { Isolate } from "../recommend/isolate.ts";
import { ModelWatch } from "../recommend/model-watch.ts";
import { readLastSeq, readLogTail } from "../stream/log-tail.ts";
import { logImpressions } from "../stream/send.ts";
import { readSettings } from "../stream/settings.ts";

export type Held = {
  isolate: Isolate;
  impressions: ImpressionBuffer;
  /** Lets a version answer once and lets go of it. A task that this Worker does not serve passes. */
  tryOut: (task: Task, version: VerifiedVersion) => Promise<{ ok: true } | Refused>;
};

type Refused = { ok: false; reason: string };

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
  const open = { nextItem: openNextItem(runtime), ranking: openRanking(runtime) };
  const slots = {
    nextItem: new ModelSlot(env.BUCKET, "next-item", open.nextItem),
    ranking: new ModelSlot(env.BUCKET, "ranking", open.ranking),
  };
  const { scale } = readSettings(env).money;
  const isolate = new Isolate(ports, (known) => new ModelWatch(slots, known, scale, giveWay));
  function tryOpening(task: Task, version: VerifiedVersion) {
    if (task === "next-item") return openSafely(open.nextItem, version);
    return task === "ranking" ? openSafely(open.ranking, version) : null;
  }
  const impressions = new ImpressionBuffer((rows) => logImpressions(env.LOG_QUEUE, rows));
  const held: Held = {
    isolate,
    impressions,
    async tryOut(task, version) {
      const opened = await tryOpening(task, version);
      if (opened === null) return { ok: true };
      if (!opened.ok) return opened;
      await opened.model.release();
      return { ok: true };
    },
  };
  HELD.set(env, held);
  return held;
}

/** Lets what else waits in the isolate go first. */
function giveWay(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
