// Optimisers against the formulas of their papers, written out plainly.
import { describe, expect, it } from "vitest";
import { Graph } from "../../../models/graph/graph.ts";
import { encodeModel } from "../../../models/graph/onnx.ts";
import { adamW, biasCorrection } from "../../../models/optimise/adamw.ts";
import { RowGradients } from "../../../models/optimise/row-gradients.ts";
import { rowAdagrad, rowAdam } from "../../../models/optimise/row-optimiser.ts";
import { Random } from "../../../models/graph/random.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { createWebRuntime } from "../../../models/runtime/web.ts";
import type { Runtime, Tensor } from "../../../models/runtime/runtime.ts";
import { floats } from "./finite-differences.ts";

const RATE = 0.01;
const DECAY = 0.1;

type Adam = { x: number; m: number; v: number };

/** One number, one step, in float64. */
function adamStep({ x, m, v }: Adam, g: number, t: number, decay: number, beta2: number): Adam {
  const [m1, v1] = [0.9 * m + 0.1 * g, beta2 * v + (1 - beta2) * g * g];
  const direction = m1 / (1 - 0.9 ** t) / (Math.sqrt(v1 / (1 - beta2 ** t)) + 1e-8);
  return { x: x - RATE * (direction + decay * x), m: m1, v: v1 };
}

async function loadAdamW(runtime: Runtime, clipNorm?: number) {
  const graph = new Graph();
  const input = (name: string) => graph.input(name, [3]);
  const state = { parameters: input("x"), mean: input("m"), variance: input("v") };
  const next = adamW(state, input("g"), {
    learningRate: graph.scalar(RATE),
    correction: graph.input("correction", [2]),
    weightDecay: DECAY,
    decayMask: graph.constant(Float32Array.of(1, 1, 0), [3]),
    clipNorm,
  });
  graph.output("next_x", next.parameters);
  graph.output("next_m", next.mean);
  graph.output("next_v", next.variance);
  return runtime.load(encodeModel(graph));
}

const vector = (data: Float32Array): Tensor => ({ type: "float32", data, dims: [data.length] });

describe.each([createNodeRuntime({ threads: 1 }), createWebRuntime()])(
  "AdamW in onnxruntime-$name",
  (runtime) => {
    it("follows the paper, and decays only where the mask says so", async () => {
      const session = await loadAdamW(runtime);
      const random = new Random(1);
      let state = [1, -2, 3].map((x): Adam => ({ x, m: 0, v: 0 }));
      let x: Float32Array = Float32Array.of(1, -2, 3);
      let m: Float32Array = new Float32Array(3);
      let v: Float32Array = new Float32Array(3);
      for (let t = 1; t <= 20; t++) {
        const g = Float32Array.from({ length: 3 }, () => random.normal());
        const results = await session.run({
          x: vector(x),
          m: vector(m),
          v: vector(v),
          g: vector(g),
          correction: vector(biasCorrection(t)),
        });
        [x, m, v] = [
          floats(results, "next_x"),
          floats(results, "next_m"),
          floats(results, "next_v"),
        ];
        state = state.map((one, i) => adamStep(one, g[i] ?? 0, t, i < 2 ? DECAY : 0, 0.99));
      }
      for (const [i, one] of state.entries()) expect(x[i]).toBeCloseTo(one.x, 4);
      await session.release();
    });

    it.each([
      [1, 0.5],
      [100, 1],
    ])("with a limit of %d takes a gradient of length 2 times %d", async (clipNorm, factor) => {
      const session = await loadAdamW(runtime, clipNorm);
      const zero = new Float32Array(3);
      const results = await session.run({
        x: vector(zero),
        m: vector(zero),
        v: vector(zero),
        g: vector(Float32Array.of(2, 0, 0)),
        correction: vector(biasCorrection(1)),
      });
      expect(floats(results, "next_m")[0]).toBeCloseTo(0.1 * 2 * factor, 5);
      await session.release();
    });
  },
);

describe("optimisers of rows", () => {
  const gradientsOf = (rows: [number, number[]][]) => {
    const sums = new RowGradients(4, 2);
    for (const [row, gradient] of rows) sums.addRow(row, Float32Array.from(gradient), 0);
    return sums;
  };

  it("sum a row's gradients over its uses, and start anew for the next step", () => {
    const sums = gradientsOf([
      [2, [1, 2]],
      [0, [5, 5]],
      [2, [10, 20]],
    ]);
    expect(sums.rows).toEqual([2, 0]);
    expect(Array.from(sums.sums.subarray(0, 4))).toEqual([11, 22, 5, 5]);
    sums.clear();
    sums.addRow(2, Float32Array.of(1, 1), 0);
    expect(Array.from(sums.sums.subarray(0, 2))).toEqual([1, 1]);
  });

  it("keep apart more rows than fit the first buffer", () => {
    const sums = new RowGradients(5000, 2);
    for (let row = 0; row < 5000; row++) sums.addRow(row, Float32Array.of(row, -row), 0);
    expect(Array.from(sums.sums.subarray(9998, 10000))).toEqual([4999, -4999]);
  });

  it("leave untouched rows alone", () => {
    for (const optimiser of [rowAdam(4, 2), rowAdagrad(4)]) {
      const table = Float32Array.of(1, 1, 1, 1, 1, 1, 1, 1);
      optimiser.apply(table, gradientsOf([[1, [1, -1]]]), RATE);
      expect(Array.from(table.subarray(0, 2))).toEqual([1, 1]);
      expect(table[2]).toBeLessThan(1);
      expect(table[3]).toBeGreaterThan(1);
    }
  });

  it("follow Adam, with each row's own count of steps", () => {
    const optimiser = rowAdam(4, 2);
    const table = new Float32Array(8);
    let expected: Adam = { x: 0, m: 0, v: 0 };
    for (let t = 1; t <= 5; t++) {
      optimiser.apply(
        table,
        gradientsOf([[3, [t, 0]], ...(t > 3 ? ([[0, [1, 0]]] as [number, number[]][]) : [])]),
        RATE,
      );
      expected = adamStep(expected, t, t, 0, 0.999);
    }
    expect(table[6]).toBeCloseTo(expected.x, 5);
    // Row 0 came up twice only, so its moments are corrected as after two steps: two full steps of the rate.
    expect(table[0]).toBeCloseTo(-2 * RATE, 5);
  });

  it("follow row-wise Adagrad: the rate falls with the root of the summed mean squares", () => {
    const optimiser = rowAdagrad(4);
    const table = new Float32Array(8);
    optimiser.apply(table, gradientsOf([[1, [3, 4]]]), RATE);
    expect(table[2]).toBeCloseTo((-RATE * 3) / Math.sqrt(12.5), 6);
    optimiser.apply(table, gradientsOf([[1, [3, 4]]]), RATE);
    expect(table[3]).toBeCloseTo(-RATE * 4 * (1 / Math.sqrt(12.5) + 1 / 5), 6);
  });
});
