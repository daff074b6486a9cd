// Compares the gradients of a small graph with central finite differences, in any runtime.
import { expect } from "vitest";
import { gradients } from "../../../models/graph/autodiff.ts";
import { Graph } from "../../../models/graph/graph.ts";
import { encodeModel } from "../../../models/graph/onnx.ts";
import { mul } from "../../../models/graph/ops/arithmetic.ts";
import { sum } from "../../../models/graph/ops/reduce.ts";
import { Random } from "../../../models/graph/random.ts";
import { countElements } from "../../../models/graph/shape.ts";
import type { Value } from "../../../models/graph/graph.ts";
import type { Runtime, Tensor } from "../../../models/runtime/runtime.ts";

export type OpCase = {
  name: string;
  /** Shapes of the float32 inputs, each of which is differentiated. */
  shapes: readonly (readonly number[])[];
  build: (graph: Graph, ...inputs: Value[]) => Value;
  /** Where the inputs are drawn from: normal, or 0.5 .. 2. */
  domain?: "real" | "positive";
};

/** A step of this size leaves an error of about 1e-5 from curvature and as much from float32 rounding. */
const STEP = 5e-3;
/** Allowed error, relative to the largest gradient of the input. */
const TOLERANCE = 4e-3;

/** Random weights turn the op's output into a scalar; the scalar is summed in float64 here. */
export async function expectGradients(
  runtime: Runtime,
  { shapes, build, domain }: OpCase,
): Promise<void> {
  const graph = new Graph();
  const inputs = shapes.map((shape, i) => graph.input(`x${i}`, shape));
  const y = build(graph, ...inputs);
  const random = new Random(7, shapes.length);
  const weights = Float32Array.from({ length: countElements(y.shape) }, () => random.normal());
  const loss = sum(mul(y, graph.constant(weights, y.shape)));
  graph.output("y", y);
  for (const [i, gradient] of gradients(loss, inputs).entries()) graph.output(`g${i}`, gradient);

  const session = await runtime.load(encodeModel(graph));
  const draw = () => (domain === "positive" ? 0.5 + 1.5 * random.uniform() : random.normal());
  const data = shapes.map((shape) => Float32Array.from({ length: countElements(shape) }, draw));
  const run = async () => {
    const feeds: Record<string, Tensor> = {};
    for (const [i, dims] of shapes.entries()) {
      feeds[`x${i}`] = { type: "float32", data: data[i] ?? new Float32Array(), dims };
    }
    return session.run(feeds);
  };
  const lossOf = (results: Record<string, Tensor>) =>
    floats(results, "y").reduce((total, v, i) => total + v * (weights[i] ?? 0), 0);

  const analytic = await run();
  for (const [i, x] of data.entries()) {
    const gradient = floats(analytic, `g${i}`);
    expect(gradient.length).toBe(x.length);
    const largest = Math.max(1e-3, ...gradient.map(Math.abs));
    for (let j = 0; j < x.length; j++) {
      const at = x[j] ?? 0;
      x[j] = at + STEP;
      const up = lossOf(await run());
      x[j] = at - STEP;
      const down = lossOf(await run());
      x[j] = at;
      const numeric = (up - down) / (2 * STEP);
      expect(Math.abs((gradient[j] ?? NaN) - numeric) / largest, `x${i}[${j}]`).toBeLessThan(
        TOLERANCE,
      );
    }
  }
  await session.release();
}

export function floats(results: Record<string, Tensor>, name: string): Float32Array {
  const tensor = results[name];
  if (tensor?.type !== "float32") throw new Error(`no float32 output "${name}"`);
  return tensor.data;
}
