// Candidates, statistics and features: what they say, and that they say it alike wherever they are asked.
import { array, assert, float, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { createMarkov } from "../../../models/baselines/co-visitation.ts";
import {
  CandidateGenerator,
  MAX_CANDIDATES,
  toLogProbabilities,
  wordOfRow,
} from "../../../models/ranking/features/candidates.ts";
import { featureNames, rankingSchema } from "../../../models/ranking/features/features.ts";
import { ItemStatistics, STATISTICS } from "../../../models/ranking/features/item-statistics.ts";
import {
  SOURCE_FEATURES,
  SourceFeatures,
} from "../../../models/ranking/features/source-features.ts";
import { clicksOf } from "../../../models/ranking/train/replay.ts";
import { CIRCLE_ENCODER, makeLog, makePipeline } from "./small-log.ts";

describe("candidates", () => {
  it("have the word of every source, also of those that did not propose them", () => {
    const markov = createMarkov();
    markov.observe({ session: 1, item: 3, timestamp: 0 });
    markov.observe({ session: 1, item: 4, timestamp: 1 });
    const generator = new CandidateGenerator([markov], ["model"]);
    const row = Float32Array.of(-1, -3, -Infinity, -2, -4, -5);
    const { count, items, scores } = generator.generate([3], [wordOfRow(row)]);
    const found = new Map(
      Array.from(items.subarray(0, count), (item, index) => [
        item,
        Array.from(scores.subarray(2 * index, 2 * index + 2)),
      ]),
    );
    expect([...found.keys()].toSorted((a, b) => a - b)).toEqual([0, 1, 3, 4, 5]);
    expect(found.get(4)).toEqual([1, -4]);
    expect(found.get(0)).toEqual([0, -1]);
  });

  it("are each one once, and no more than can be ranked", () => {
    const generator = new CandidateGenerator([], ["a", "b", "c", "d", "e", "f"]);
    const words = generator.names.map((_, shift) =>
      wordOfRow(Float32Array.from({ length: 900 }, (__, item) => -Math.abs(item - 150 * shift))),
    );
    const { count, items } = generator.generate([1, 2, 1], words);
    expect(count).toBeLessThanOrEqual(MAX_CANDIDATES);
    expect(new Set(items.subarray(0, count)).size).toBe(count);
    expect(Array.from(items.subarray(0, 2))).toEqual([1, 2]);
  });
});

it("makes scores probabilities over the items that were seen", () => {
  const row = Float32Array.of(1, 5, 2, 3);
  toLogProbabilities(row, (item) => item !== 1);
  expect(row[1]).toBe(-Infinity);
  expect(row.reduce((sum, x) => sum + Math.exp(x), 0)).toBeCloseTo(1, 5);
});

it("ranks by score, whatever its sign", () => {
  const scores = array(float({ noNaN: true, noDefaultInfinity: true }), {
    minLength: 1,
    maxLength: 40,
  });
  assert(
    property(scores, (list) => {
      const distinct = [...new Set(list.map((x) => Math.fround(x) + 0))];
      const width = SOURCE_FEATURES.length;
      const out = new Float32Array(distinct.length * width);
      const source = { column: 0, of: 1, isLog: true };
      new SourceFeatures().write(
        Float32Array.from(distinct),
        source,
        { core: distinct.length, all: distinct.length },
        out,
        width,
        0,
      );
      const sorted = distinct.toSorted((a, b) => b - a);
      for (const [index, score] of distinct.entries()) {
        expect(out[index * width + 2]).toBeCloseTo(1 / Math.sqrt(1 + sorted.indexOf(score)), 5);
      }
    }),
  );
});

describe("item statistics", () => {
  const read = (statistics: ItemStatistics, item: number) => {
    const out = new Float32Array(STATISTICS.length);
    statistics.write(item, out, 0);
    return Object.fromEntries(STATISTICS.map((name, index) => [name, out[index] ?? NaN]));
  };

  it("tell the item that shoppers come back to and the one that they leave on", () => {
    const statistics = new ItemStatistics();
    for (let session = 0; session < 30; session++) {
      for (const item of [1, 2, 1, 3]) statistics.observe({ session, item, timestamp: 0 });
    }
    const [one, two, three] = [1, 2, 3].map((item) => read(statistics, item));
    expect(one?.repeat_rate).toBeGreaterThan(two?.repeat_rate ?? 0);
    expect(three?.end_rate).toBeGreaterThan(two?.end_rate ?? 0);
    expect(one?.log_popularity).toBeGreaterThan(two?.log_popularity ?? 0);
  });

  it("see a fashion fade", () => {
    const statistics = new ItemStatistics();
    const click = (item: number, session: number) =>
      statistics.observe({ session, item, timestamp: 0 });
    for (let session = 0; session < 4000; session++) click(1, session);
    for (let session = 4000; session < 8000; session++) click(2, session);
    expect(read(statistics, 1).trend_now).toBeLessThan(0);
    expect(read(statistics, 2).trend_now).toBeGreaterThan(0);
    expect(statistics.isKnown(3)).toBe(false);
  });
});

it("reads finite features, the same from the same log, whatever was asked in between", async () => {
  const [asked, quiet] = [makePipeline(), makePipeline()];
  const { sessions } = makeLog();
  for (const click of clicksOf(sessions)) {
    asked.observe(click);
    quiet.observe(click);
    if (click.item === 7)
      asked.read({ session: [7] }, (await asked.ask([{ items: [7] }]))[0] ?? []);
  }
  const session = { items: [3, 4, 3, 5] };
  const read = async (pipeline: typeof asked) => {
    const { list, features } = pipeline.read(
      { session: session.items },
      (await pipeline.ask([session]))[0] ?? [],
    );
    return features.slice(0, list.count * pipeline.width);
  };
  const features = await read(asked);
  expect(features.every((x) => Number.isFinite(x))).toBe(true);
  expect(features).toEqual(await read(quiet));
  expect(features.length % featureNames(asked.sources).length).toBe(0);
});

it("has another schema for other sources", async () => {
  const sources = { names: ["a", CIRCLE_ENCODER.name], encoders: 1, shopper: false };
  const schema = await rankingSchema(sources);
  expect(await rankingSchema({ ...sources })).toBe(schema);
  expect(await rankingSchema({ ...sources, shopper: true })).not.toBe(schema);
  expect(await rankingSchema({ ...sources, names: ["b", "circle"] })).not.toBe(schema);
});
