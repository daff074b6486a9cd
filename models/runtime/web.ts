// onnxruntime-web (WASM, one thread) in Node or a browser, where bytes may be compiled. For workerd see workers.ts.
import { InferenceSession, Tensor, env } from "onnxruntime-web/wasm";
import type { Runtime } from "./runtime.ts";
import { wrapSession } from "./tensors.ts";
import { openWasmSession } from "./wasm-session.ts";

export function createWebRuntime(): Runtime {
  env.wasm.numThreads = 1;
  return {
    name: "web",
    cores: 1,
    async load(model) {
      return wrapSession(await openWasmSession(InferenceSession, model), Tensor);
    },
  };
}
