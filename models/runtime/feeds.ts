// Typed arrays as tensors, and results as typed arrays.
import type { Tensor } from "./runtime.ts";

export function floats(data: Float32Array, dims: readonly number[] = [data.length]): Tensor {
  return { type: "float32", data, dims };
}

export function int32(data: Int32Array, dims: readonly number[]): Tensor {
  return { type: "int32", data, dims };
}

export function int64(data: Int32Array | Int8Array, dims: readonly number[]): Tensor {
  // Two 32-bit words each, low one first: making a BigInt of every number takes many times as long.
  const words = new Int32Array(2 * data.length);
  for (let i = 0; i < data.length; i++) {
    const x = data[i] ?? 0;
    words[2 * i] = x;
    words[2 * i + 1] = x >> 31;
  }
  return { type: "int64", data: new BigInt64Array(words.buffer), dims };
}

/** A float32 result of a run. Throws where there is none of that name. */
export function float32Output(results: Record<string, Tensor>, name: string): Float32Array {
  const tensor = results[name];
  if (tensor?.type !== "float32") throw new Error(`the graph has no float32 output "${name}"`);
  return tensor.data;
}
