// The contract of a runtime, held by the native one and by WASM in Node. For workerd see test/workers/runtime.
import { describe, expect, it } from "vitest";
import { Graph } from "../../../models/graph/graph.ts";
import { encodeModel } from "../../../models/graph/onnx.ts";
import { cast } from "../../../models/graph/ops/select.ts";
import type { DType } from "../../../models/graph/shape.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import type { Tensor, TensorData } from "../../../models/runtime/runtime.ts";
import { createWebRuntime } from "../../../models/runtime/web.ts";

const SAMPLES: TensorData[] = [
  { type: "float32", data: Float32Array.of(1, 2) },
  { type: "float16", data: Uint16Array.of(0x3c00, 0x4000) },
  { type: "int64", data: BigInt64Array.of(1n, 2n) },
  { type: "int32", data: Int32Array.of(1, 2) },
  { type: "int8", data: Int8Array.of(1, 2) },
  { type: "uint8", data: Uint8Array.of(1, 2) },
];

function converter(from: DType, to: DType): Uint8Array {
  const graph = new Graph();
  graph.output("y", cast(graph.input("x", [2], from), to));
  return encodeModel(graph);
}

describe.each([createNodeRuntime({ threads: 1 }), createWebRuntime()])(
  "onnxruntime-$name",
  (runtime) => {
    const pairs = SAMPLES.flatMap((x) => SAMPLES.map((y) => ({ x, y, from: x.type, to: y.type })));
    it.each(pairs)("takes $from and gives $to", async ({ x, y }) => {
      const session = await runtime.load(converter(x.type, y.type));
      const feed: Tensor = { ...x, dims: [2] };
      expect((await session.run({ x: feed }))["y"]).toEqual({ ...y, dims: [2] });
      await session.release();
    });

    it("names the graph's inputs and outputs", async () => {
      const session = await runtime.load(converter("float32", "int64"));
      expect([session.inputs, session.outputs]).toEqual([["x"], ["y"]]);
      await session.release();
    });

    it("gives the outputs that are wanted, where the graph has some of them", async () => {
      const graph = new Graph();
      const x = graph.input("x", [2], "float32");
      graph.output("whole", cast(x, "int32"));
      graph.output("wide", cast(x, "int64"));
      const session = await runtime.load(encodeModel(graph));
      const feeds = { x: { type: "float32", data: Float32Array.of(1, 2), dims: [2] } } as const;
      const given = async (...wanted: string[]) => Object.keys(await session.run(feeds, wanted));
      expect(Object.keys(await session.run(feeds))).toEqual(["whole", "wide"]);
      expect(await given("wide", "another")).toEqual(["wide"]);
      expect(await given("another")).toEqual(["whole", "wide"]);
      await session.release();
    });

    it("queues runs that overlap, also after one that fails", async () => {
      const session = await runtime.load(converter("float32", "int32"));
      const feed = (x: number): Tensor => ({
        type: "float32",
        data: Float32Array.of(x, x),
        dims: [2],
      });
      const [one, failed, two] = await Promise.allSettled([
        session.run({ x: feed(1) }),
        session.run({}),
        session.run({ x: feed(2) }),
      ]);
      expect(failed.status).toBe("rejected");
      for (const [i, run] of [one, two].entries()) {
        if (run.status === "rejected") throw run.reason;
        expect(run.value["y"]?.data).toEqual(Int32Array.of(i + 1, i + 1));
      }
      await session.release();
    });

    it("refuses bytes that are no graph", async () => {
      await expect(runtime.load(new Uint8Array(64))).rejects.toThrow();
    });
  },
);

describe("a session of another core", () => {
  const runtime = createNodeRuntime({ threads: 2 });

  it("answers as one of this thread does, and leaves the caller what it was asked with", async () => {
    const session = await runtime.load(converter("float32", "int32"), 1);
    expect([session.inputs, session.outputs]).toEqual([["x"], ["y"]]);
    const shared = Float32Array.of(9, 1, 2, 9);
    const feed: Tensor = { type: "float32", data: shared.subarray(1, 3), dims: [2] };
    const twice = await Promise.all([session.run({ x: feed }), session.run({ x: feed })]);
    for (const { y } of twice)
      expect(y).toEqual({ type: "int32", data: Int32Array.of(1, 2), dims: [2] });
    expect(shared).toEqual(Float32Array.of(9, 1, 2, 9));
    await session.release();
  });

  it("rejects a run that fails, and goes on", async () => {
    const session = await runtime.load(converter("float32", "int32"), 1);
    await expect(session.run({})).rejects.toThrow("x");
    const feed: Tensor = { type: "float32", data: Float32Array.of(3, 4), dims: [2] };
    expect((await session.run({ x: feed }))["y"]?.data).toEqual(Int32Array.of(3, 4));
    await session.release();
  });

  it("refuses bytes that are no graph", async () => {
    await expect(runtime.load(new Uint8Array(64), 1)).rejects.toThrow();
  });
});
