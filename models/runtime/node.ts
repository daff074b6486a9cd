// onnxruntime-node: native code, for training and for tests. Node only.
import type { Runtime } from "./runtime.ts";
import { loadApart } from "./node-apart.ts";
import { loadHere } from "./node-session.ts";

export type NodeRuntimeOptions = {
  /** Cores that are used. Results are bit-equal only between runs with the same number. */
  threads?: number;
};

const DEFAULT_THREADS = 2;

export function createNodeRuntime(options: NodeRuntimeOptions = {}): Runtime {
  const cores = options.threads ?? DEFAULT_THREADS;
  return {
    name: "node",
    cores,
    load(model, core) {
      if (core === undefined) return loadHere(model, cores);
      return core === 0 ? loadHere(model, 1) : loadApart(model);
    },
  };
}
