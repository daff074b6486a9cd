// onnxruntime-web inside workerd, which refuses to compile WASM from bytes and has no threads. The four things that
// it takes: the .wasm imported as a compiled module (by its path: wrangler's rules do not follow `exports`),
// `WebAssembly.instantiate` answering bytes with that module, one thread, and a dummy `wasmBinary`.
import { InferenceSession, Tensor, env } from "onnxruntime-web/wasm";
import ortModule from "../../node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm";
import type { Runtime } from "./runtime.ts";
import { wrapSession } from "./tensors.ts";
import { openWasmSession } from "./wasm-session.ts";

export function createWorkersRuntime(): Runtime {
  return {
    name: "workers",
    cores: 1,
    async load(model) {
      return wrapSession(await createSession(model), Tensor);
    },
  };
}

/** Pending while the first session of the isolate initialises the WASM; the others wait for it. */
let initialised: Promise<InferenceSession> | null = null;

async function createSession(model: Uint8Array): Promise<InferenceSession> {
  const create = () => openWasmSession(InferenceSession, model);
  if (initialised) {
    // The first model may have been a broken one; the WASM then stands all the same.
    await initialised.catch(() => null);
    return create();
  }
  env.wasm.numThreads = 1;
  // Never looked at: it only keeps the loader from fetching a URL.
  env.wasm.wasmBinary = new ArrayBuffer(8);
  initialised = withCompiledModule(create);
  return initialised;
}

/** Runs `task` while `WebAssembly.instantiate` takes our module in place of bytes; then all is as before. */
async function withCompiledModule<T>(task: () => Promise<T>): Promise<T> {
  const instantiate = WebAssembly.instantiate;
  const fromModule = async (source: unknown, imports?: WebAssembly.Imports) => {
    if (source instanceof WebAssembly.Module) return instantiate(source, imports);
    return { module: ortModule, instance: await instantiate(ortModule, imports) };
  };
  Object.assign(WebAssembly, { instantiate: fromModule });
  try {
    return await task();
  } finally {
    Object.assign(WebAssembly, { instantiate });
  }
}
