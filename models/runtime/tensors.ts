// Between our tensors and those of onnxruntime-common, which both runtimes share. Also the session around them.
import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from "onnxruntime-common";
import type { Session, Tensor } from "./runtime.ts";

/** Wraps an ONNX Runtime session. Runs go one after the other: a WASM session is not reentrant. */
export function wrapSession(session: InferenceSession, Ort: TensorConstructor): Session {
  let last: Promise<unknown> = Promise.resolve();
  const run = async (feeds: Record<string, Tensor>, outputs: readonly string[]) => {
    const ortFeeds: Record<string, OrtTensor> = {};
    for (const [name, tensor] of Object.entries(feeds)) ortFeeds[name] = toOrt(tensor, Ort);
    // No preallocated fetches: onnxruntime-web 1.30 answers them with zeros.
    const results = await session.run(ortFeeds, outputs);
    return Object.fromEntries(
      Object.entries(results).map(([name, value]) => [name, fromOrt(value)]),
    );
  };
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    run(feeds, wanted = session.outputNames) {
      const known = session.outputNames.filter((name) => wanted.includes(name));
      const outputs = known.length > 0 ? known : session.outputNames;
      const result = last.then(() => run(feeds, outputs));
      // A failed run is its caller's to handle; the next one starts anyway.
      last = result.catch(() => undefined);
      return result;
    },
    async release() {
      await last;
      await session.release();
    },
  };
}

function toOrt(tensor: Tensor, Ort: TensorConstructor): OrtTensor {
  const { type, data, dims } = tensor;
  const made = new Ort(type, data, dims);
  // Where the engine has Float16Array the constructor turns the data into one, which the native binding cannot read.
  return type === "float16" ? Object.defineProperty(made, "data", { value: data }) : made;
}

/** Views the result, which the runtime has copied out of its memory. */
function fromOrt(tensor: OrtTensor): Tensor {
  const { type, data, dims } = tensor;
  if (type === "float32" && data instanceof Float32Array) return { type, data, dims };
  if (type === "int64" && data instanceof BigInt64Array) return { type, data, dims };
  if (type === "int32" && data instanceof Int32Array) return { type, data, dims };
  if (type === "int8" && data instanceof Int8Array) return { type, data, dims };
  if ((type === "uint8" || type === "bool") && data instanceof Uint8Array)
    return { type, data, dims };
  if (type === "float16" && ArrayBuffer.isView(data)) {
    // Float16Array where the engine has it, Uint16Array where not: the bits are the same.
    return { type, data: new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2), dims };
  }
  throw new Error(`the model answers with ${type} tensors, which no caller here expects`);
}
