// How every WASM session is opened, in the Worker as in Node.
import type { InferenceSession, InferenceSessionFactory } from "onnxruntime-common";
import { outsourceConstants } from "./external-data.ts";

/** The last level of optimisation is for layouts of images: nothing is faster here for it, and opening takes longer. */
const OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ["wasm"],
  graphOptimizationLevel: "extended",
  // Level 3 is errors: rejected models throw anyway, and warnings are for model authors.
  logSeverityLevel: 3,
};

let last: Promise<unknown> = Promise.resolve();

/**
 * Sessions are opened one after the other: onnxruntime-web holds the external files of all in one place, and clears it
 * when one is open.
 */
export function openWasmSession(
  factory: InferenceSessionFactory,
  bytes: Uint8Array,
): Promise<InferenceSession> {
  const opened = last.then(() => {
    const { model, files } = outsourceConstants(bytes);
    return factory.create(model, { ...OPTIONS, externalData: files });
  });
  // A failed one is its caller's to handle; the next one is opened anyway.
  last = opened.catch(() => undefined);
  return opened;
}
