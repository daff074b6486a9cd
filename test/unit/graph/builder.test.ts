// The builder refuses what cannot work, at the line that asks for it; the writer leaves out what nobody needs.
import { describe, expect, it } from "vitest";
import { gradients } from "../../../models/graph/autodiff.ts";
import { Graph } from "../../../models/graph/graph.ts";
import { encodeModel } from "../../../models/graph/onnx.ts";
import { add, mul } from "../../../models/graph/ops/arithmetic.ts";
import { exp } from "../../../models/graph/ops/elementwise.ts";
import { concat, gather, reshape, slice } from "../../../models/graph/ops/layout.ts";
import { gemm, linear, matmul } from "../../../models/graph/ops/matmul.ts";
import { logSumExp, mean, sum } from "../../../models/graph/ops/reduce.ts";
import { prune } from "../../../models/graph/prune.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { floats } from "./finite-differences.ts";

const runtime = createNodeRuntime({ threads: 1 });

describe("the graph builder", () => {
  const graph = new Graph();
  const x = graph.input("x", [2, 3]);
  const y = graph.input("y", [4, 5]);

  it.each([
    ["a sum of shapes that do not broadcast", () => add(x, y)],
    ["a product with different inner sizes", () => gemm(x, y)],
    [
      "a batched product of unequal batches",
      () => matmul(reshape(x, [2, 1, 3]), reshape(y, [1, 4, 5])),
    ],
    ["a reshape that changes the number of elements", () => reshape(x, [5])],
    [
      "a reshape that leaves two sizes open",
      () => reshape(graph.input("t", ["a", "b"]), ["b", "a"]),
    ],
    ["a slice beyond the end", () => slice(x, 1, 2, 4)],
    ["a constant that does not fill its shape", () => graph.constant(new Float32Array(3), [2])],
    ["a negative size", () => graph.input("z", [-1])],
    ["two inputs of one name", () => graph.input("x", [1])],
    ["a mean over a size that is not known", () => mean(graph.input("s", ["batch"]))],
  ])("refuses %s", (_, build) => {
    expect(build).toThrow();
  });

  it("keeps a symbolic batch through an affine layer and runs it at any size", async () => {
    const graph = new Graph();
    const w = graph.constant(Float32Array.of(1, 2, 3, 4), [2, 2]);
    const y = linear(graph.input("x", ["batch", 3, 2]), w);
    expect(y.shape).toEqual(["batch", 3, 2]);
    graph.output("y", logSumExp(y));
    const session = await runtime.load(encodeModel(graph));
    for (const batch of [1, 4]) {
      const feed = {
        type: "float32",
        data: new Float32Array(batch * 6),
        dims: [batch, 3, 2],
      } as const;
      const result = floats(await session.run({ x: feed }), "y");
      expect(result.length).toBe(batch * 3);
      expect(result[0]).toBeCloseTo(Math.log(2), 5);
    }
    await session.release();
  });

  it("adds up gradients where a value is used twice", async () => {
    const graph = new Graph();
    const x = graph.input("x", []);
    const [dx] = gradients(add(mul(x, x), mul(x, 3)), [x]);
    if (!dx) throw new Error("no gradient");
    graph.output("dx", dx);
    const session = await runtime.load(encodeModel(graph));
    const result = await session.run({
      x: { type: "float32", data: Float32Array.of(5), dims: [] },
    });
    expect(floats(result, "dx")[0]).toBe(13);
    await session.release();
  });

  it("gives zeros for a leaf that the loss does not depend on", () => {
    const graph = new Graph();
    const [x, unused] = [graph.input("x", [2]), graph.input("unused", [3])];
    const [, gradient] = gradients(sum(x), [x, unused]);
    expect(gradient && graph.constants.get(gradient)).toEqual(new Float32Array(3));
  });

  it("refuses to differentiate through an op without a gradient", () => {
    const graph = new Graph();
    const table = graph.input("table", [4, 2]);
    const index = graph.constant(BigInt64Array.of(1n), [1], "int64");
    expect(() => gradients(sum(gather(table, index)), [table])).toThrow("Gather has no gradient");
  });
});

describe("dead code", () => {
  it("is neither written nor asked for", () => {
    const graph = new Graph();
    const [x, unused] = [graph.input("x", [2]), graph.input("unused", [2])];
    exp(mul(unused, 7));
    graph.output("y", add(x, 1));
    const live = prune(graph);
    expect(live.nodes.map(({ op }) => op)).toEqual(["Add"]);
    expect(live.inputs.map(([name]) => name)).toEqual(["x"]);
    expect(live.constants.length).toBe(1);
  });

  it("does not take the backward pass along where only the loss is asked for", () => {
    const graph = new Graph();
    const x = graph.input("x", [2]);
    const loss = sum(exp(x));
    gradients(loss, [x]);
    graph.output("loss", loss);
    expect(prune(graph).nodes.map(({ op }) => op)).toEqual(["Exp", "ReduceSum"]);
  });
});

describe("outputs", () => {
  it("may share a value, or be an input", async () => {
    const graph = new Graph();
    const x = graph.input("x", [1]);
    const y = concat([x, x], 0);
    for (const name of ["one", "two"]) graph.output(name, y);
    graph.output("same", x);
    const session = await runtime.load(encodeModel(graph));
    const result = await session.run({
      x: { type: "float32", data: Float32Array.of(4), dims: [1] },
    });
    expect(floats(result, "two")).toEqual(Float32Array.of(4, 4));
    expect(floats(result, "same")).toEqual(Float32Array.of(4));
    await session.release();
  });
});
