// What runs in the thread of `loadApart`: one session, which is loaded once.
import { loadHere } from "./node-session.ts";
import type { Session, Tensor } from "./runtime.ts";

let session: Session | null = null;

export async function load(model: Uint8Array): Promise<Pick<Session, "inputs" | "outputs">> {
  session = await loadHere(model, 1);
  return { inputs: session.inputs, outputs: session.outputs };
}

export async function run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
  if (session === null) throw new Error("this thread has no session yet");
  return session.run(feeds);
}
