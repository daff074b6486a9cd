// The one interface behind which ONNX Runtime lives, native in Node and WASM in the Worker.
// It must not know what a model is about.

/** Element types that our graphs use, with the typed array that carries each. */
export type TensorData =
  | { type: "float32"; data: Float32Array }
  | { type: "float16"; data: Uint16Array }
  | { type: "int64"; data: BigInt64Array }
  | { type: "int32"; data: Int32Array }
  | { type: "int8"; data: Int8Array }
  | { type: "uint8"; data: Uint8Array }
  | { type: "bool"; data: Uint8Array };

/** A dense row-major tensor; `data.length` is the product of `dims`. */
export type Tensor = TensorData & { dims: readonly number[] };

/** A loaded graph. Runs may overlap; the runtime queues them where it must. */
export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** @param wanted outputs that will do where the graph has them: each takes time, and a runtime may leave others out */
  run(feeds: Record<string, Tensor>, wanted?: readonly string[]): Promise<Record<string, Tensor>>;
  /** Frees native or WASM memory; the session must not be used afterwards. */
  release(): Promise<void>;
}

/** Loads ONNX graphs (protobuf bytes). `load` throws where the bytes are no valid graph. */
export interface Runtime {
  readonly name: "node" | "web" | "workers";
  /** How many sessions can run at the same time. */
  readonly cores: number;
  /** With a `core` (from 0) the session keeps to it and runs beside those of other cores; without, it may use them all. */
  load(model: Uint8Array, core?: number): Promise<Session>;
}
