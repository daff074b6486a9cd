// onnxruntime-web inside real workerd: gradients, overlapping runs, broken models, and what it leaves behind.
import { describe, expect, it } from "vitest";
import { Graph } from "../../../models/graph/graph.ts";
import { encodeModel } from "../../../models/graph/onnx.ts";
import { add } from "../../../models/graph/ops/arithmetic.ts";
import { createWorkersRuntime } from "../../../models/runtime/workers.ts";
import { expectGradients, floats } from "../../unit/graph/finite-differences.ts";
import { OP_CASES } from "../../unit/graph/op-cases.ts";

const runtime = createWorkersRuntime();

function addOne(): Uint8Array {
  const graph = new Graph();
  graph.output("y", add(graph.input("x", [2]), 1));
  return encodeModel(graph);
}

describe("the runtime in a Worker", () => {
  it("restores WebAssembly.instantiate once it stands", async () => {
    const before = WebAssembly.instantiate;
    const [one, two] = await Promise.all([runtime.load(addOne()), runtime.load(addOne())]);
    expect(WebAssembly.instantiate).toBe(before);
    await one.release();
    await two.release();
  });

  it("queues runs that overlap", async () => {
    const session = await runtime.load(addOne());
    const runs = [1, 2, 3].map((x) =>
      session.run({ x: { type: "float32", data: Float32Array.of(x, -x), dims: [2] } }),
    );
    const results = (await Promise.all(runs)).map((result) => Array.from(floats(result, "y")));
    expect(results).toEqual([
      [2, 0],
      [3, -1],
      [4, -2],
    ]);
    await session.release();
  });

  it("refuses bytes that are no graph, and goes on", async () => {
    await expect(runtime.load(new Uint8Array([1, 2, 3]))).rejects.toThrow();
    const session = await runtime.load(addOne());
    expect(session.outputs).toEqual(["y"]);
    await session.release();
  });

  it.each(OP_CASES)("computes the gradient of $name", (op) => expectGradients(runtime, op));
});
