// A session of onnxruntime-node in a thread of its own, so that it runs beside one of this thread.
import { Tinypool } from "tinypool";
import { isShared } from "./shareable.ts";
import type { load } from "./node-thread.ts";
import type { Session, Tensor } from "./runtime.ts";

/** Feeds are copied to the thread, but for those in shared memory, which must stay as they are until it is done. Where the thread dies, what runs there is rejected. */
export async function loadApart(model: Uint8Array): Promise<Session> {
  const filename = new URL("node-thread.ts", import.meta.url).href;
  const pool = new Tinypool({ filename, minThreads: 1, maxThreads: 1 });
  const release = () => pool.destroy();
  try {
    const names: Awaited<ReturnType<typeof load>> = await pool.run(model, { name: "load" });
    return { ...names, run: (feeds) => runApart(pool, feeds), release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function runApart(
  pool: Tinypool,
  feeds: Record<string, Tensor>,
): Promise<Record<string, Tensor>> {
  // Copies, since views of larger buffers would take all of these along; they need not be copied once more on the way.
  const copies: Record<string, Tensor> = {};
  const transferList: ArrayBuffer[] = [];
  for (const [name, tensor] of Object.entries(feeds)) {
    if (isShared(tensor.data)) {
      copies[name] = tensor;
      continue;
    }
    const data = tensor.data.slice();
    copies[name] = Object.assign({ ...tensor }, { data });
    transferList.push(data.buffer);
  }
  const results: Record<string, Tensor> = await pool.run(copies, { name: "run", transferList });
  return results;
}
