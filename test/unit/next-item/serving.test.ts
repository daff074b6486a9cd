// The serving graph: same states as training, one table, smaller forms close to the large one, in both runtimes.
import { describe, expect, it } from "vitest";
import { Graph } from "../../../models/graph/graph.ts";
import { encodeModel } from "../../../models/graph/onnx.ts";
import { bindParameters, initialise } from "../../../models/optimise/parameters.ts";
import { Random } from "../../../models/graph/random.ts";
import { ENCODER_NAMES } from "../../../models/next-item/config.ts";
import {
  encodeEvents,
  KEEP_ALL,
  modelParameters,
} from "../../../models/next-item/network/model.ts";
import { outputRows, runContexts } from "../../../models/next-item/serve/scorer.ts";
import { buildServingGraph } from "../../../models/next-item/network/serving-graph.ts";
import type { Weights } from "../../../models/next-item/network/serving-graph.ts";
import { TABLE_FORMS } from "../../../models/next-item/network/table-form.ts";
import { toUnitLength } from "../../../models/next-item/network/unit-length.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import type { Runtime } from "../../../models/runtime/runtime.ts";
import { createWebRuntime } from "../../../models/runtime/web.ts";
import { floats } from "../graph/finite-differences.ts";
import { tinyConfig } from "./tiny-shop.ts";

const ITEMS = 3000;
const LENGTH = 12;
const DIM = 8;
const SHORT_CONTEXTS = [[5], [1, 2, 3, 2]];
const CONTEXTS = [
  ...SHORT_CONTEXTS,
  [9, 8, 7, 6, 5, 4, 3, 2999],
  [1, 4, 9, 3, 7, 5, 2, 8, 6, 11, 4, 14, 1, 9],
];

function makeWeights(encoder: (typeof ENCODER_NAMES)[number]): Weights {
  const config = tinyConfig({ encoder, layers: 2, length: LENGTH });
  const features = { types: 0, gaps: false };
  const random = new Random(21);
  const vectors = Float32Array.from({ length: ITEMS * DIM }, () => random.normal());
  return {
    config,
    calibration: { catalogue: 0.75, pointerSlope: 0.5, pointerShift: 2 },
    features,
    parameters: initialise(modelParameters(config, features), random),
    vectors: toUnitLength(vectors, DIM),
    content: new Float32Array(),
  };
}

/** Scores of one context by the training model, left-aligned as in a packed row, with the pointer done here. */
async function referenceScores(runtime: Runtime, weights: Weights, context: readonly number[]) {
  const { config, calibration, features, parameters, vectors } = weights;
  const items = context.slice(-LENGTH);
  const graph = new Graph();
  const rows = new Float32Array(LENGTH * DIM);
  for (const [i, item] of items.entries())
    rows.set(vectors.subarray(item * DIM, (item + 1) * DIM), i * DIM);
  const indexes = Array.from({ length: LENGTH }, (_, i) => i);
  const { bound } = bindParameters(
    graph.constant(parameters, [parameters.length]),
    modelParameters(config, features),
  );
  const { states, pointer } = encodeEvents(
    {
      vectors: graph.input("vectors", [1, LENGTH, DIM]),
      slots: {
        batch: 1,
        length: LENGTH,
        segment: graph.constant(
          Int32Array.from(indexes, (i) => (i < items.length ? 0 : -1)),
          [1, LENGTH],
          "int32",
        ),
        position: graph.constant(BigInt64Array.from(indexes, BigInt), [1, LENGTH], "int64"),
      },
      types: null,
      gaps: null,
    },
    bound,
    KEEP_ALL,
    config,
  );
  graph.output("states", states);
  if (!pointer) throw new Error("the tiny model has a pointer");
  graph.output("pointer", pointer);
  const session = await runtime.load(encodeModel(graph));
  const results = await session.run({
    vectors: { type: "float32", data: rows, dims: [1, LENGTH, DIM] },
  });
  const last = items.length - 1;
  const state = floats(results, "states").subarray(last * DIM, (last + 1) * DIM);
  const logits = floats(results, "pointer").subarray(last * LENGTH, (last + 1) * LENGTH);
  return Array.from({ length: ITEMS }, (_, item) => {
    const product = state.reduce((sum, x, d) => sum + x * (vectors[item * DIM + d] ?? 0), 0);
    const catalogue = Math.exp(product * config.scale * calibration.catalogue);
    const pointed = items.reduce(
      (sum, other, i) =>
        sum +
        (other === item
          ? Math.exp(calibration.pointerSlope * (logits[i] ?? NaN) + calibration.pointerShift)
          : 0),
      0,
    );
    return Math.log(items.includes(item) ? pointed : catalogue);
  });
}

const RUNTIMES = [createNodeRuntime({ threads: 1 }), createWebRuntime()] as const;
const CASES = RUNTIMES.flatMap((runtime) =>
  ENCODER_NAMES.map((name) => ({ runtime, name, where: runtime.name })),
);

describe("the serving graph", () => {
  it.each(CASES)(
    "scores as the training model does: $name in onnxruntime-$where",
    async ({ runtime, name }) => {
      const weights = makeWeights(name);
      const session = await runtime.load(encodeModel(buildServingGraph(weights)));
      const references = new Map<readonly number[], number[]>();
      for (const context of CONTEXTS) {
        references.set(context, await referenceScores(runtime, weights, context));
      }
      // Among long contexts a short one has slots before it that are empty.
      for (const batch of [SHORT_CONTEXTS, CONTEXTS]) {
        const contexts = batch.map((items) => ({ items }));
        const results = await runContexts(session, contexts, LENGTH);
        const rows = outputRows(results, "scores", contexts.length);
        const totals = floats(results, "total");
        for (const [i, context] of batch.entries()) {
          const expected = references.get(context) ?? [];
          const total = totals[i] ?? NaN;
          const errors = expected.map((logit, item) =>
            Math.abs(logit - total - (rows[i]?.[item] ?? NaN)),
          );
          expect(errors).toHaveLength(ITEMS);
          expect(Math.max(...errors)).toBeLessThan(2e-4);
          const sum = [...(rows[i] ?? [])].reduce((before, score) => before + Math.exp(score), 0);
          expect(sum).toBeCloseTo(1, 4);
        }
      }
      await session.release();
    },
  );

  it.each(RUNTIMES)(
    "is no number at all where one of its items is none, in $name",
    async (runtime) => {
      const weights = makeWeights("hstu");
      const vectors = weights.vectors.map((x, i) => (Math.floor(i / DIM) === 7 ? NaN : x));
      const session = await runtime.load(encodeModel(buildServingGraph({ ...weights, vectors })));
      const results = await runContexts(session, [{ items: [1, 2] }], LENGTH);
      expect(floats(results, "scores").every(Number.isNaN)).toBe(true);
      await session.release();
    },
  );

  it("tells where it points back from, however long the other sessions are", async () => {
    const [runtime] = RUNTIMES;
    const session = await runtime.load(encodeModel(buildServingGraph(makeWeights("hstu"))));
    const point = async (contexts: readonly (readonly number[])[]) => {
      const asked = contexts.map((items) => ({ items }));
      return outputRows(await runContexts(session, asked, LENGTH), "pointer", asked.length);
    };
    const [alone, among] = [await point(SHORT_CONTEXTS), await point(CONTEXTS)];
    for (const [row, { length }] of SHORT_CONTEXTS.entries()) {
      const [own, same] = [alone[row]?.slice(-length), among[row]?.slice(-length)];
      expect(own).toHaveLength(length);
      for (const [i, logit] of own?.entries() ?? []) expect(logit).toBeCloseTo(same?.[i] ?? NaN, 4);
    }
    await session.release();
  });

  it("holds its item table and its parameters once", () => {
    const weights = makeWeights("hstu");
    const bytes = encodeModel(buildServingGraph(weights)).length;
    const table = weights.vectors.byteLength;
    expect(bytes - weights.parameters.byteLength).toBeLessThan(table * 1.3);
  });

  it.each(RUNTIMES)("gives the best items first, in $name", async (runtime) => {
    const session = await runtime.load(
      encodeModel(buildServingGraph(makeWeights("gru"), { topK: 10 })),
    );
    const results = await runContexts(session, [{ items: [1, 2] }], LENGTH);
    const scores = floats(results, "scores");
    const order = Array.from(scores.keys()).toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
    const top = results["top_items"];
    expect(top?.type === "int64" && Array.from(top.data, Number)).toEqual(order.slice(0, 10));
    await session.release();
  });

  it.each(
    RUNTIMES.flatMap((runtime) =>
      TABLE_FORMS.map((form) => ({ runtime, form, where: runtime.name })),
    ),
  )(
    "keeps the order of the best items as $form in onnxruntime-$where",
    async ({ runtime, form }) => {
      const weights = makeWeights("hstu");
      const whole = await runtime.load(encodeModel(buildServingGraph(weights, { topK: 20 })));
      const small = await runtime.load(encodeModel(buildServingGraph(weights, { topK: 20, form })));
      const contexts = CONTEXTS.map((items) => ({ items }));
      const [a, b] = [
        await runContexts(whole, contexts, LENGTH),
        await runContexts(small, contexts, LENGTH),
      ];
      // int8 rounds each of 8 numbers to 1/254 of a row's largest, times a scale of 12: some hundredths of a score.
      const allowed = { float32: 1e-6, float16: 0.02, int8: 0.3 }[form];
      const error = Math.max(
        ...floats(a, "scores").map((x, i) => Math.abs(x - (floats(b, "scores")[i] ?? NaN))),
      );
      expect(error).toBeLessThan(allowed);
      await whole.release();
      await small.release();
    },
  );
});
