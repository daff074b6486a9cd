// How every WASM session is opened, in the Worker as in Node.
import type { InferenceSession } from "onnxruntime-common";

/**
 * Prepacking would hold a second copy of every constant factor, the item table above all: an isolate has 128 MB. For
 * products of few rows it does not even save time.
 */
export const WASM_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ["wasm"],
  // Level 3 is errors: rejected models throw anyway, and warnings are for model authors.
  logSeverityLevel: 3,
  extra: { session: { disable_prepacking: "1" } },
};
