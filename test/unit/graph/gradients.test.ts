// Every op's gradient equals its finite difference, in both runtimes.
import { describe, it } from "vitest";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { createWebRuntime } from "../../../models/runtime/web.ts";
import { expectGradients } from "./finite-differences.ts";
import { OP_CASES } from "./op-cases.ts";

for (const runtime of [createNodeRuntime({ threads: 1 }), createWebRuntime()]) {
  describe(`gradients in onnxruntime-${runtime.name}`, () => {
    it.each(OP_CASES)("of $name", (op) => expectGradients(runtime, op));
  });
}
