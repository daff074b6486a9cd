// A stopped training run as bytes: a JSON header with the run's progress, then all arrays that learn.
import type { EpochReport } from "./best-epoch.ts";
import type { TrainConfig } from "../config.ts";
import type { Calibration } from "../network/serving-graph.ts";

/** Where a run stands. Everything else follows from it, the configuration and the data. */
export type RunProgress = {
  /** "search" holds sessions back and looks for the best epoch; "refit" goes on from there with all of them. */
  phase: "search" | "refit";
  /** Steps of this phase's epochs that are behind it (the refit begins late in them), and of them in the current epoch. */
  step: number;
  stepInEpoch: number;
  epoch: number;
  /** Epochs of this phase; learning rates reach zero at their end. */
  epochs: number;
  /** Sum of the losses of the current epoch's steps. */
  lossSum: number;
  history: EpochReport[];
  /** Fitted at the end of the search, for the refit. */
  calibration: Calibration | null;
};

export type Checkpoint = {
  config: TrainConfig;
  /** Tells whether the data is the same; see `fingerprint`. */
  data: string;
  progress: RunProgress;
  arrays: Record<string, Float32Array>;
};

/** `place`: the progress, by the name that it has in files. */
type Header = Omit<Checkpoint, "arrays" | "progress"> & {
  place: RunProgress;
  arrays: { name: string; length: number }[];
};

/** File mark and version; another version is another mark. */
const MAGIC = 0x4d4c5233;
const FLOAT_BYTES = 4;

export function encodeCheckpoint({
  arrays,
  progress,
  ...rest
}: Checkpoint): Uint8Array<ArrayBuffer> {
  const named = Object.entries(arrays);
  const header: Header = {
    ...rest,
    place: progress,
    arrays: named.map(([name, { length }]) => ({ name, length })),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const floats = named.reduce((sum, [, { length }]) => sum + length, 0);
  const bytes = new Uint8Array(8 + json.length + floats * FLOAT_BYTES);
  new DataView(bytes.buffer).setUint32(0, MAGIC, true);
  new DataView(bytes.buffer).setUint32(4, json.length, true);
  bytes.set(json, 8);
  let at = 8 + json.length;
  for (const [, array] of named) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

/** Throws, with a sentence, where the bytes are no checkpoint or are cut short. */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || view.getUint32(0, true) !== MAGIC) {
    throw new Error("this file is no checkpoint of this version of Millrace");
  }
  const size = view.getUint32(4, true);
  const { place, ...header }: Header = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, 8 + size)),
  );
  const arrays: Record<string, Float32Array> = {};
  let at = 8 + size;
  for (const { name, length } of header.arrays) {
    const end = at + length * FLOAT_BYTES;
    if (end > bytes.length) throw new Error("the checkpoint is cut short");
    arrays[name] = readFloats(bytes, at, length);
    at = end;
  }
  return { ...header, progress: place, arrays };
}

/** A copy: the bytes may be a view into a larger buffer, at an offset where no float can start. */
function readFloats(bytes: Uint8Array, from: number, length: number): Float32Array {
  const floats = new Float32Array(length);
  new Uint8Array(floats.buffer).set(bytes.subarray(from, from + length * FLOAT_BYTES));
  return floats;
}
