// onnxruntime-node: native code, for training and for tests. Node only.
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Runtime } from "./runtime.ts";
import { wrapSession } from "./tensors.ts";

export type NodeRuntimeOptions = {
  /** Threads of one run. Results are bit-equal only between runs with the same number. */
  threads?: number;
};

const DEFAULT_THREADS = 2;

export function createNodeRuntime(options: NodeRuntimeOptions = {}): Runtime {
  return {
    name: "node",
    async load(model) {
      const session = await InferenceSession.create(model, {
        intraOpNumThreads: options.threads ?? DEFAULT_THREADS,
        interOpNumThreads: 1,
        executionMode: "sequential",
        graphOptimizationLevel: "all",
        // Level 3 is errors: rejected models throw anyway, and warnings are for model authors.
        logSeverityLevel: 3,
      });
      return wrapSession(session, Tensor);
    },
  };
}
