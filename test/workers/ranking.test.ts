// A ranking model beside its next-item model in real workerd: published and promoted in either order, never in a pair
// that does not belong together.
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createModelFolder } from "../../models/next-item/model-folder.ts";
import { trainNextItem } from "../../models/next-item/train.ts";
import { completeRankingConfig } from "../../models/ranking/config.ts";
import { freeze } from "../../models/ranking/encoder-pair.ts";
import { createRankingFolder } from "../../models/ranking/model-folder.ts";
import { trainPipeline } from "../../models/ranking/train-pipeline.ts";
import { MANIFEST_FILE } from "../../models/registry/keys.ts";
import type { Manifest } from "../../models/registry/manifest.ts";
import { createWorkersRuntime } from "../../models/runtime/workers.ts";
import {
  ask,
  call,
  letPass,
  listIds,
  makeEvent,
  openShop,
  putItems,
  sendAll,
  waitForRows,
} from "./support/shop.ts";

type Folder = { manifest: Manifest; files: Record<string, Uint8Array> };
type Pair = { nextItem: Folder; ranking: Folder };
type Here = { serving: string | null; refused: { version: string; reason: string }[] };

const ITEMS = 24;
const VOCABULARY = Array.from({ length: ITEMS }, (_, i) => `item-${i}`);
/** ms after which an isolate has looked at the pointers again, and so often that it waits for nothing. */
const NEXT_LOOK = 20_000;
const ASK = "/v1/recommendations?anonymous_id=a&limit=6";

let first: Pair;
let second: Pair;

/** Two models that belong together, on a shop where each item is followed by the next one. */
async function train(): Promise<Pair> {
  const sessions = Array.from({ length: 300 }, (_, i) => ({
    items: Array.from({ length: 6 }, (_, step) => (i + step) % ITEMS),
  }));
  const data = { sessions, items: ITEMS };
  const small = { dim: 16, length: 8, batch: 8, epochs: 6, warmupSteps: 10 };
  const runtime = createWorkersRuntime();
  const encoder = await trainNextItem({
    data,
    config: { ...small, validation: 0, refit: false },
    runtime,
  });
  const frozen = await freeze(encoder.weights, runtime);
  const config = completeRankingConfig({ share: 0.3, epochs: 2, hidden: [8], warmupSteps: 5 });
  const pair = { earlier: frozen, full: frozen };
  const trained = await trainPipeline({ data, encoders: [pair], config, runtime });
  const facts = { vocabulary: VOCABULARY, data, source: "test", metrics: {}, now: Date.now() };
  const nextItem = await createModelFolder(encoder.weights, facts);
  const ranking = await createRankingFolder(trained.ranker, {
    config,
    sources: trained.pipeline.sources,
    logSize: trained.logSize,
    encoders: [nextItem.manifest.version],
    data: nextItem.manifest.data,
    metrics: {},
    now: Date.now(),
  });
  await frozen.scorer.release();
  await encoder.release();
  return { nextItem, ranking };
}

/** The same pair under other versions, as after a retraining. */
function rename({ nextItem, ranking }: Pair, suffix: string): Pair {
  const change = (folder: Folder, fields: Partial<Manifest>): Folder => {
    const manifest = { ...folder.manifest, ...fields };
    const files = { ...folder.files };
    files[MANIFEST_FILE] = new TextEncoder().encode(JSON.stringify(manifest));
    return { manifest, files };
  };
  const version = `next-${suffix}`;
  const config = { ...ranking.manifest.config, next_item_versions: [version] };
  return {
    nextItem: change(nextItem, { version }),
    ranking: change(ranking, { version: `rank-${suffix}`, config }),
  };
}

async function publish({ manifest, files }: Folder): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    const path = `/v1/models/${manifest.task}/${manifest.version}/${name}`;
    const response = await call("PUT", path, bytes.slice());
    expect(response.status, await response.clone().text()).toBe(201);
  }
}

async function promote({ manifest: { task, version } }: Folder): Promise<void> {
  const json = { "content-type": "application/json" };
  const path = `/v1/models/${task}/promote`;
  const response = await call("POST", path, JSON.stringify({ version }), "sk_test", json);
  expect(response.status, await response.clone().text()).toBe(200);
}

async function rankingHere(): Promise<Here> {
  const response = await call("GET", "/v1/models");
  const { models } = await response.json<{ models: { task: string; here: Here }[] }>();
  const found = models.find(({ task }) => task === "ranking");
  if (found === undefined) throw new Error("ranking is not listed");
  return found.here;
}

/** Asks until the answer is by these two; every answer on the way must be by a pair or by a next-item model alone. */
async function settle(nextItem: string, ranking: string | null): Promise<void> {
  letPass(NEXT_LOOK);
  const pairs = new Set([
    JSON.stringify(["next-1", "rank-1"]),
    JSON.stringify(["next-2", "rank-2"]),
  ]);
  await vi.waitFor(
    async () => {
      const list = await ask(ASK);
      const { model_version, ranking_version } = list;
      expect(list.items).toHaveLength(6);
      if (
        ranking_version !== null &&
        !pairs.has(JSON.stringify([model_version, ranking_version]))
      ) {
        broken.push(`${model_version} with ${ranking_version}`);
      }
      expect({ model_version, ranking_version }).toEqual({
        model_version: nextItem,
        ranking_version: ranking,
      });
    },
    { timeout: 20_000 },
  );
}

/** Pairs that answered and do not belong together. */
const broken: string[] = [];

beforeAll(async () => {
  await openShop();
  vi.useFakeTimers({ toFake: ["Date"] });
  await putItems(VOCABULARY.map((item_id) => ({ item_id, category: "all", price: 10 })));
  const trained = await train();
  first = rename(trained, "1");
  second = rename(trained, "2");
  const crowd = Array.from({ length: 20 }, (_, i) =>
    Array.from({ length: 4 }, (_, step) =>
      makeEvent("view_item", `crowd-${i}`, [`item-${(i + step) % ITEMS}`]),
    ),
  );
  const own = ["item-3", "item-4"].map((id) => makeEvent("view_item", "a", [id]));
  await sendAll([...crowd.flat(), ...own]);
  await waitForRows("events where shopper is not null", 82);
}, 120_000);

afterAll(() => vi.useRealTimers());

it("tells why a ranking model alone does not serve", async () => {
  await publish(first.ranking);
  await promote(first.ranking);
  letPass(NEXT_LOOK);
  await publish(first.nextItem);
  await vi.waitFor(async () => {
    expect((await rankingHere()).refused[0]?.reason).toMatch(
      /reads next-item model next-1, and none/,
    );
  });
  const list = await ask(ASK);
  expect(list).toMatchObject({ model_version: null, ranking_version: null });
});

it("ranks once its next-item model is promoted too", async () => {
  await promote(first.nextItem);
  await settle("next-1", "rank-1");
  const list = await ask(`${ASK}&explain=1`);
  expect(listIds(list)).toContain("item-5");
  expect(list.degraded).toEqual([]);
  expect(list.items[0]?.features?.map(({ group }) => group)).toContain("next_item");
});

it("answers by the blend between the two promotions, whichever is the first", async () => {
  await publish(second.nextItem);
  await publish(second.ranking);
  await promote(second.nextItem);
  await settle("next-2", null);
  expect((await rankingHere()).refused[0]).toMatchObject({
    version: "rank-1",
    reason: expect.stringMatching(/reads next-item model next-1, and next-2 serves/),
  });
  await promote(second.ranking);
  await settle("next-2", "rank-2");
  // And back, the ranking model first.
  expect((await call("POST", "/v1/models/ranking/rollback")).status).toBe(200);
  await settle("next-2", null);
  expect((await call("POST", "/v1/models/next-item/rollback")).status).toBe(200);
  await settle("next-1", "rank-1");
  expect(broken).toEqual([]);
}, 60_000);

it("ranks an item that came a moment ago among the others", async () => {
  await putItems([{ item_id: "brand-new", category: "all", price: 10 }]);
  letPass(NEXT_LOOK);
  await vi.waitFor(async () => {
    const list = await ask("/v1/recommendations?anonymous_id=a&limit=30");
    expect(list).toMatchObject({ ranking_version: "rank-1" });
    expect(listIds(list)).toContain("brand-new");
  });
});
