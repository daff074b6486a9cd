// What runs in the thread of `loadApart`: one session, which is loaded once.
import { Tinypool } from "tinypool";
import { loadHere } from "./node-session.ts";
import type { Session, Tensor } from "./runtime.ts";

let session: Session | null = null;

export async function load(model: Uint8Array): Promise<Pick<Session, "inputs" | "outputs">> {
  session = await loadHere(model, 1);
  return { inputs: session.inputs, outputs: session.outputs };
}

/** The results reach the caller's thread without a copy. */
export async function run(feeds: Record<string, Tensor>): Promise<unknown> {
  if (session === null) throw new Error("this thread has no session yet");
  const results = await session.run(feeds);
  const answer = {
    [Tinypool.transferableSymbol]: Object.values(results).map(({ data }) => data.buffer),
    [Tinypool.valueSymbol]: results,
  };
  return isMovable(answer) ? Tinypool.move(answer) : results;
}

/** Tinypool's types name its two symbols apart, and so know no object that has them. */
function isMovable(answer: object): answer is Exclude<Moved, ArrayBufferView | ArrayBuffer> {
  return Tinypool.transferableSymbol in answer && Tinypool.valueSymbol in answer;
}

type Moved = Parameters<typeof Tinypool.move>[0];
