// Wires what an isolate holds in memory to the bindings: D1, R2, the queue, the model runtime. Once per isolate.
import { readChangedItems } from "../catalog/read-items.ts";
import { ImpressionBuffer } from "../recommend/impressions.ts";
import { Isolate } from "../recommend/isolate.ts";
import { ModelWatch } from "../recommend/model-watch.ts";
import { readLastSeq, readLogTail } from "../stream/log-tail.ts";
import { logImpressions } from "../stream/send.ts";

export type Held = { isolate: Isolate; impressions: ImpressionBuffer };

const HELD = new WeakMap<Env, Held>();

export function holdIsolate(env: Env): Held {
  const known = HELD.get(env);
  if (known !== undefined) return known;
  const ports = {
    readChangedItems: (after: number, limit: number) => readChangedItems(env.DB, after, limit),
    readLogTail: (afterSeq: number, limit: number) => readLogTail(env.DB, afterSeq, limit),
    readLastSeq: () => readLastSeq(env.DB),
  };
  const isolate = new Isolate(
    ports,
    (catalog) =>
      new ModelWatch(
        {
          serving: null,
          state: { wanted: null, serving: null, refused: [] },
          refresh: async () => {},
        },
        catalog,
      ),
  );
  const impressions = new ImpressionBuffer((rows) => logImpressions(env.LOG_QUEUE, rows));
  const held = { isolate, impressions };
  HELD.set(env, held);
  return held;
}
