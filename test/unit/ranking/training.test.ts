// A ranking model from lists to its folder and back.
import { beforeAll, describe, expect, it } from "vitest";
import { completeRankingConfig } from "../../../models/ranking/config.ts";
import { createRankingFolder } from "../../../models/ranking/serve/model-folder.ts";
import { replayByTime, replaySessions } from "../../../models/ranking/train/replay.ts";
import { openRanking } from "../../../models/ranking/serve/open-ranking.ts";
import { createPipelineScorer } from "../../../models/ranking/serve/pipeline-scorer.ts";
import { createRanker } from "../../../models/ranking/serve/ranker.ts";
import { bestEpoch, trainRanker } from "../../../models/ranking/train/train-ranker.ts";
import type { TrainedRanker } from "../../../models/ranking/train/train-ranker.ts";
import { buildTrainingSet } from "../../../models/ranking/train/training-set.ts";
import type { TrainingSet } from "../../../models/ranking/train/training-set.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { createWebRuntime } from "../../../models/runtime/web.ts";
import { ITEMS, makeLog, makePipeline } from "./small-log.ts";

const CONFIG = completeRankingConfig({
  share: 0.5,
  hidden: [16, 8],
  listLength: 20,
  epochs: 4,
  warmupSteps: 5,
  validation: 0.2,
});
const RUNTIME = createNodeRuntime({ threads: 1 });
const LOG = makeLog({ sessions: 400, rich: true });

let set: TrainingSet;
let trained: TrainedRanker;
beforeAll(async () => {
  set = await buildTrainingSet(makePipeline(), replayByTime(LOG, CONFIG), CONFIG);
  trained = await trainRanker(set, CONFIG, RUNTIME);
});

it("learns what comes next better than chance would", () => {
  const first = trained.history[0]?.loss ?? 0;
  expect(trained.history.at(-1)?.loss).toBeLessThan(first);
  // By chance: the mean of 1/rank over some 40 candidates is about a tenth.
  expect(trained.quality["mrr@20"]).toBeGreaterThan(40);
  expect(trained.quality["cart_auc"]).toBeGreaterThan(0.6);
  expect(trained.quality["purchase_log_loss"]).toBeLessThan(0.3);
});

it("takes the last of the epochs that are as good by NDCG@20, whatever their MRR", () => {
  const historyOf = (...ndcg: number[]) =>
    ndcg.map((figure, index) => {
      const quality = { "hr@20": 70, "mrr@20": 40 - index, "ndcg@20": figure };
      return { epoch: index + 1, loss: 0, quality };
    });
  expect(bestEpoch(historyOf(40, 43, 42.9))?.epoch).toBe(3);
  expect(bestEpoch(historyOf(40, 43, 42))?.epoch).toBe(2);
  expect(trained.quality).toBe(bestEpoch(trained.history)?.quality);
});

it("ends with the same bytes when it is run again", async () => {
  const again = await trainRanker(set, CONFIG, RUNTIME);
  expect(again.weights).toEqual(trained.weights);
});

it("has no head for what a log of views cannot tell", async () => {
  const log = makeLog({ sessions: 200 });
  const views = await buildTrainingSet(makePipeline(), replaySessions(log, CONFIG), CONFIG);
  const { weights } = await trainRanker(views, { ...CONFIG, epochs: 1 }, RUNTIME);
  expect(weights.shape.tasks).toEqual(["click"]);
  const ranker = await createRanker(weights, RUNTIME);
  const [list] = views.held;
  const answer = await ranker.rank(list?.features ?? new Float32Array(), list?.count ?? 0);
  expect(answer.cart).toBeNull();
  await ranker.release();
});

it("keeps every positive and lets the rest stand for those left out", () => {
  for (const { count, weight, labels } of set.train) {
    expect(count).toBeLessThanOrEqual(CONFIG.listLength);
    expect(weight.every((stands, index) => stands === 1 || labels?.cart[index] === 0)).toBe(true);
    expect(weight.reduce((sum, stands) => sum + stands, 0)).toBeGreaterThanOrEqual(count - 1e-3);
  }
});

it("scores as a scorer what the ranker says, and nothing that was not retrieved", async () => {
  const pipeline = makePipeline();
  const ranker = await createRanker(trained.weights, RUNTIME);
  for (let session = 0; session < 3; session++) {
    for (const item of [1, 2, 3]) pipeline.observe({ session, item, timestamp: session });
  }
  const [row] = await createPipelineScorer(pipeline, ranker, ITEMS).score([[1]]);
  const found = Array.from(row ?? []).flatMap((score, item) => (score > -Infinity ? [item] : []));
  expect(found).toEqual([1, 2, 3]);
  await ranker.release();
});

describe("its folder", () => {
  const pipeline = makePipeline();
  const create = () =>
    createRankingFolder(trained, {
      config: CONFIG,
      sources: pipeline.sources,
      logSize: { sessions: 400, clicks: 2000, span: 1e6 },
      encoders: [null],
      data: { source: "made up", from: null, to: null, events: 2000 },
      metrics: {},
      now: 0,
    });

  it("opens, and answers in WASM as it does natively", async () => {
    const opened = await openRanking(createWebRuntime())(await create());
    if (!opened.ok) throw new Error(opened.reason);
    const [list] = set.held;
    const { features, count } = list ?? { features: new Float32Array(), count: 0 };
    const served = await opened.value.rank(features, count);
    const native = await createRanker(trained.weights, RUNTIME);
    const expected = await native.rank(features, count);
    for (const [index, score] of expected.scores.entries()) {
      expect(served.scores[index]).toBeCloseTo(score, 3);
    }
    expect(served.click?.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 4);
    expect(opened.value.logSize.sessions).toBe(400);
    await opened.value.release();
    await native.release();
  });

  it("is refused where its features are read from other sources", async () => {
    const { manifest, files } = await create();
    const names = ["something-else", ...pipeline.sources.names.slice(1)];
    const sources = { ...pipeline.sources, names };
    const changed = {
      ...manifest,
      feature_schema: "0".repeat(64),
      config: { ...manifest.config, sources },
    };
    const opened = await openRanking(RUNTIME)({ manifest: changed, files });
    expect(opened).toMatchObject({ ok: false, reason: expect.stringContaining("other features") });
  });
});
