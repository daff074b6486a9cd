import { expect, it } from "vitest";
import { Graph } from "../../../models/graph/graph.ts";
import { encodeModel } from "../../../models/graph/onnx.ts";
import { add } from "../../../models/graph/ops/arithmetic.ts";
import { outsourceConstants } from "../../../models/runtime/external-data.ts";
import { createWebRuntime } from "../../../models/runtime/web.ts";

/** Over 64 kB as float32. */
const LONG = 20_000;

/** y = x + `value` everywhere. */
function adder(value: number): Uint8Array<ArrayBuffer> {
  const graph = new Graph();
  const constant = graph.constant(new Float32Array(LONG).fill(value), [LONG]);
  graph.output("y", add(graph.input("x", [LONG]), constant));
  return encodeModel(graph);
}

it("takes large constants out of a model, without copying them, and leaves the rest", () => {
  const bytes = adder(1);
  const { model, files } = outsourceConstants(bytes);
  expect(model.length).toBeLessThan(1000);
  expect(files.map(({ data }) => [data.buffer, data.length])).toEqual([[bytes.buffer, 4 * LONG]]);
  expect(outsourceConstants(model)).toEqual({ model, files: [] });
});

it("gives each of several models that are opened at the same time its own constants, a broken one among them", async () => {
  const runtime = createWebRuntime();
  const opened = await Promise.allSettled([
    runtime.load(adder(1)),
    runtime.load(adder(2).subarray(0, 70_000)),
    runtime.load(adder(3)),
  ]);
  expect(opened.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  const x = { type: "float32", data: new Float32Array(LONG), dims: [LONG] } as const;
  const sums: unknown[] = [];
  for (const one of opened) {
    if (one.status === "rejected") continue;
    const { y } = await one.value.run({ x });
    sums.push(y?.data.at(-1));
    await one.value.release();
  }
  expect(sums).toEqual([1, 3]);
});
