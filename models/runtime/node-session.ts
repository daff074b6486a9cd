// A session of onnxruntime-node in this thread. A run blocks the thread until it is done.
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Session } from "./runtime.ts";
import { wrapSession } from "./tensors.ts";

/** @param threads that share the work of one operator */
export async function loadHere(model: Uint8Array, threads: number): Promise<Session> {
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    // Level 3 is errors: rejected models throw anyway, and warnings are for model authors.
    logSeverityLevel: 3,
  });
  return wrapSession(session, Tensor);
}
