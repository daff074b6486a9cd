// onnxruntime-web (WASM, one thread) in Node or a browser, where bytes may be compiled. For workerd see workers.ts.
import { InferenceSession, Tensor, env } from "onnxruntime-web/wasm";
import type { Runtime } from "./runtime.ts";
import { wrapSession } from "./tensors.ts";

export function createWebRuntime(): Runtime {
  env.wasm.numThreads = 1;
  return {
    name: "web",
    async load(model) {
      const session = await InferenceSession.create(model, {
        executionProviders: ["wasm"],
        logSeverityLevel: 3,
      });
      return wrapSession(session, Tensor);
    },
  };
}
