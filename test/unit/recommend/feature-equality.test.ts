// The same log on both sides: what training reads of a list is, bit for bit, what the Worker reads of it.
import { expect, it } from "vitest";
import { toCatalogItem } from "../../../src/catalog/catalog-item.ts";
import { emptyShop, replayEvent } from "../../../durable/state/replay.ts";
import { Random } from "../../../models/graph/random.ts";
import type { SessionSequence } from "../../../models/next-item/data/dataset.ts";
import { EVENT_TYPES, SessionCollector } from "../../../models/next-item/data/event-log.ts";
import { completeRankingConfig } from "../../../models/ranking/config.ts";
import { featureNames } from "../../../models/ranking/features/features.ts";
import { roundedVectors } from "../../../models/next-item/network/item-vectors.ts";
import type { RankingModel } from "../../../models/ranking/serve/open-ranking.ts";
import { Pipeline } from "../../../models/ranking/features/pipeline.ts";
import { replayByTime } from "../../../models/ranking/train/replay.ts";
import type { ShopperWatch } from "../../../models/ranking/train/replay.ts";
import { toLogProbabilities } from "../../../models/ranking/features/candidates.ts";
import { createSources } from "../../../models/ranking/features/sources.ts";
import { buildTrainingSet } from "../../../models/ranking/train/training-set.ts";
import type { NextItemModel } from "../../../models/next-item/serve/open-next-item.ts";
import { FoldWatch } from "../../../src/learn/fold-watch.ts";
import type { KnownItem } from "../../../src/learn/read-exports.ts";
import { Catalog } from "../../../src/catalog/catalog.ts";
import type { WireEvent } from "../../../src/lab/simulate/wire.ts";
import { dispatchLog } from "../../../src/lab/train/dispatch-log.ts";
import { readShopSettings } from "../../../src/lab/verify/shop-settings.ts";
import { readContext } from "../../../src/recommend/context.ts";
import { NextItemSource } from "../../../src/recommend/retrieve/next-item.ts";
import { RankingStage } from "../../../src/recommend/rank/ranking-stage.ts";
import { dispatchEvent } from "../../../src/ingest/dispatch.ts";
import { LiveIndex } from "../../../src/live/live-index.ts";
import { makeRequest } from "./small-shop.ts";
import { changedItem } from "../../support/changed-item.ts";

const ITEMS = 30;
const DIM = 4;
const SESSIONS = 160;
const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
/** Items of the catalogue before those that models know: numbers and indices differ. */
const BEFORE = 3;
const KINDS = [0, 1, 2] as const;
/** Between the steps of each kind of session, ms. */
const PAUSES = [45 * MINUTE, 50 * MINUTE, 3 * MINUTE] as const;
const LOG_SIZE = { sessions: 100, clicks: 900, span: 1e8 };

const idOf = (item: number) => `item-${item}`;
const priceOf = (item: number) => 10 + 7 * (item % 11);

/**
 * Shoppers come several times, look, cart and buy; their sessions overlap in the log. One kind of session has an id and
 * long pauses, one has no id and a search in each pause, one begins anew under another id without any pause.
 */
function makeEvents(): WireEvent[] {
  const random = new Random(3);
  const events: WireEvent[] = [];
  for (let session = 0; session < SESSIONS; session++) {
    const shopper = `s${random.int(25)}-${session % 4}`;
    const kind = KINDS[session % 3] ?? 0;
    let item = random.int(ITEMS);
    const length = 3 + random.int(6);
    for (let step = 0; step < length; step++) {
      const draw = random.uniform();
      if (draw < 0.8) item = (item + 1 + random.int(3)) % ITEMS;
      const name = draw < 0.8 ? "view_item" : draw < 0.93 ? "add_to_cart" : "purchase";
      const id = `session-${session}-${kind === 2 && step >= 2 ? "b" : "a"}`;
      const event = {
        event_id: `e-${session}-${step}`,
        timestamp: START + session * 100 * MINUTE + step * PAUSES[kind] + random.int(999),
        anonymous_id: shopper,
        ...(kind === 1 ? {} : { session_id: id }),
        consent: { analytics: true, personalization: true },
      };
      events.push({
        ...event,
        name,
        items: [
          {
            item_id: idOf(item),
            price: priceOf(item),
            quantity: 1,
            item_category: `c${item % 4}`,
            item_brand: `b${item % 3}`,
          },
        ],
        ...(name === "purchase" ? { transaction_id: `t-${session}-${step}`, value: 1 } : {}),
      });
      if (kind === 1) {
        const [event_id, timestamp] = [`${event.event_id}-s`, event.timestamp + PAUSES[1] / 2];
        events.push({ ...event, event_id, timestamp, name: "search", search_term: "lamp" });
      }
    }
  }
  return events.sort((a, b) => a.timestamp - b.timestamp);
}

function readSessions(events: readonly WireEvent[]) {
  const collector = new SessionCollector();
  for (const { anonymous_id, session_id, name, timestamp, items } of events) {
    collector.add({
      shopper: anonymous_id,
      session_id: session_id ?? null,
      name,
      timestamp,
      items: items ?? [],
    });
  }
  return collector.finish(new Map());
}

/** Scores that depend on every step, its type and its time: what an encoder would say. */
function scoreItems(steps: readonly { item: number; type: number; at: number }[]): Float32Array {
  return Float32Array.from({ length: ITEMS }, (_, item) =>
    steps.reduce((sum, step, index) => {
      const ahead = (item - step.item + ITEMS) % ITEMS;
      return 0.7 * sum - ahead / (3 + step.type) + Math.sin(step.at / 1e7) / (1 + index);
    }, 0),
  );
}

async function* play(events: readonly WireEvent[]): AsyncGenerator<WireEvent> {
  yield* events;
}

const settings = readShopSettings(START + 1000 * 24 * 60 * MINUTE);
const events = makeEvents();
const { data, vocabulary, ordinals } = readSessions(events);
const random = new Random(8);
const VECTORS = Float32Array.from({ length: ITEMS * DIM }, () => random.normal());
/** Full lists only, of the last part of the log. */
const CONFIG = completeRankingConfig({ share: 0.3, validation: 0.99 });

type Listed = { ordinal: number; count: number; features: Float32Array };

/** Each list as training makes it, with the number of the event that it foresees. */
async function readTraining(): Promise<{ lists: Listed[]; pipeline: Pipeline }> {
  const scoreSessions = (sessions: readonly SessionSequence[]) =>
    Promise.resolve(
      sessions.map(({ items, types, times }) =>
        scoreItems(
          items.map((item, at) => ({ item, type: types?.[at] ?? 0, at: times?.[at] ?? 0 })),
        ),
      ),
    );
  const pipeline = new Pipeline({
    retrievers: createSources(LOG_SIZE),
    encoders: [{ name: "made-up", scorer: { scoreSessions } }],
    vectors: roundedVectors(VECTORS, DIM),
    shopper: true,
  });
  const items = new Map<string, KnownItem>();
  for (const item_id of vocabulary) {
    const number = Number(item_id.slice(5));
    const [category, brand] = [`c${number % 4}`, `b${number % 3}`];
    items.set(item_id, { price: 100 * priceOf(number), category, brand });
  }
  const watched = { events: dispatchLog(play(events), settings), ordinals, vocabulary, items };
  const watch = new FoldWatch(watched);
  let asked = -1;
  const noting: ShopperWatch = {
    ordinalOf: (session, at) => watch.ordinalOf(session, at),
    viewBefore(ordinal, now) {
      asked = ordinal;
      return watch.viewBefore(ordinal, now);
    },
  };
  const held: number[] = [];
  async function* noted() {
    for await (const step of replayByTime(data, CONFIG, noting)) {
      if (step.kind === "moment" && step.moment.held) held.push(asked);
      yield step;
    }
  }
  const set = await buildTrainingSet(pipeline, noted(), CONFIG);
  const lists = set.held.map(({ count, features }, index) => ({
    ordinal: held[index] ?? -1,
    count,
    features,
  }));
  return { lists, pipeline };
}

function openCatalog(): Catalog {
  const catalog = new Catalog();
  const ids = [...Array.from({ length: BEFORE }, (_, i) => `unknown-${i}`), ...vocabulary];
  catalog.apply(
    ids.map((item_id, index) => {
      const number = Number(item_id.split("-")[1]);
      return changedItem(item_id, index + 1, {
        category: `c${number % 4}`,
        brand: `b${number % 3}`,
        price: 100 * priceOf(number),
        created_at: START,
      });
    }),
  );
  return catalog;
}

function fakeModels(
  pipeline: Pipeline,
  catalog: Catalog,
): { ranking: RankingModel; nextItem: NextItemModel } {
  const release = () => Promise.resolve();
  const nextItem: NextItemModel = {
    version: "n1",
    numbers: Int32Array.from(vocabulary, (id) => catalog.intern(id)),
    content: null,
    vectors: roundedVectors(VECTORS, DIM),
    scale: 1,
    release,
    score: (steps) => {
      const read = steps.map(({ item, type, at }) => ({
        item,
        type: EVENT_TYPES.indexOf(type),
        at,
      }));
      const scores = scoreItems(read);
      const total = toLogProbabilities(scores, () => true);
      return Promise.resolve({ scores, state: null, total });
    },
  };
  const { sources } = pipeline;
  const ranking: RankingModel = {
    version: "r1",
    sources,
    logSize: LOG_SIZE,
    nextItemVersions: ["n1"],
    featureMeans: new Float32Array(featureNames(sources).length),
    release,
    rank: () => Promise.reject(new Error("only read here")),
  };
  return { ranking, nextItem };
}

it("reads the same features when serving as in training, the shopper's among them", async () => {
  const { lists, pipeline } = await readTraining();
  expect(lists.length).toBeGreaterThan(100);
  const catalog = openCatalog();
  const live = new LiveIndex(catalog);
  const { ranking, nextItem } = fakeModels(pipeline, catalog);
  const source = new NextItemSource(nextItem, catalog, 100);
  const shop = emptyShop();
  const wanted = new Map(lists.map((list) => [list.ordinal, list]));
  const first = Math.min(...wanted.keys());
  let stage: RankingStage | null = null;
  let compared = 0;
  for (const [number, event] of events.entries()) {
    if (number === Math.floor(first / 2)) {
      // The model comes while the shop is open: what went before is learned from the buffered clicks.
      const yieldToRequests = () => Promise.resolve();
      const opened = await RankingStage.open(ranking, source, { catalog, live, yieldToRequests });
      if (!opened.ok) throw new Error(opened.reason);
      stage = opened.value;
      live.follow(stage.reader.learners);
    }
    const dispatch = await dispatchEvent(event, settings);
    if (dispatch.kind !== "ingest") throw new Error("every event is folded");
    const list = wanted.get(number);
    if (list !== undefined && stage !== null) {
      const state = shop.streams.get(dispatch.shopper)?.live ?? null;
      const context = readContext(catalog, makeRequest(), state, event.timestamp + 12_345);
      const answer = await source.answer(context.session);
      // What other sources proposed is read beside, and changes nothing about the rest.
      const question = stage.read(context, answer, [0, 1, 2].map(toCatalogItem), new Set());
      expect(question.items.length).toBe(list.count + BEFORE);
      const core = question.features.subarray(0, list.count * stage.reader.width);
      expect(core).toEqual(list.features);
      compared += list.count;
    }
    replayEvent(shop, dispatch.shopper, dispatch.delivery.event);
    live.observe([rowOf(number, dispatch.shopper, event)]);
  }
  expect(compared).toBeGreaterThan(1000);
});

function rowOf(number: number, shopper: string, event: WireEvent) {
  return {
    seq: number + 1,
    shopper,
    event_id: event.event_id,
    name: event.name,
    timestamp: event.timestamp,
    session_id: event.session_id ?? null,
    linked_from: null,
    transaction_id: null,
    item_variant: null,
    item_id: event.items?.[0]?.item_id ?? null,
    country: null,
    device: null,
    referrer: null,
  };
}
