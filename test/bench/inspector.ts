// What V8's inspector tells of the Worker's isolate, through the port that Miniflare opens: memory by kind.
import * as z from "zod";

export type IsolateMemory = {
  /** Bytes of JavaScript objects and strings after a garbage collection. */
  heap: number;
  /** Bytes of the WebAssembly memories. */
  wasm: number;
  /** Bytes of all other array buffers: typed arrays. */
  buffers: number;
};

export type Inspector = {
  readMemory(): Promise<IsolateMemory>;
  close(): void;
};

const Reply = z.object({ id: z.number(), result: z.unknown(), error: z.unknown() }).partial();
/** The isolate names its one context when it is asked to tell of contexts. */
const Created = z.object({ params: z.object({ context: z.object({ id: z.number() }) }) });
const Usage = z.object({ usedSize: z.number() });
const Remote = z.object({ result: z.object({ objectId: z.string().optional() }).loose() });
const Queried = z.object({ objects: z.object({ objectId: z.string() }) });
const Value = z.object({ result: z.object({ value: z.number() }) });

/** @param url `ws://...`; see `Miniflare.getInspectorURL` */
export async function openInspector(url: string): Promise<Inspector> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  let contextId: number | null = null;
  const opened = Promise.withResolvers<void>();
  socket.addEventListener("open", () => opened.resolve());
  socket.addEventListener("error", () => opened.reject(new Error(`No inspector at ${url}.`)));
  socket.addEventListener("message", ({ data }) => {
    const json: unknown = JSON.parse(String(data));
    const created = Created.safeParse(json);
    if (created.success) contextId = created.data.params.context.id;
    const { id, result, error } = Reply.parse(json);
    const asked = id === undefined ? undefined : waiting.get(id);
    if (id === undefined || asked === undefined) return;
    waiting.delete(id);
    if (error === undefined) asked.resolve(result);
    else asked.reject(new Error(`The inspector refuses: ${JSON.stringify(error)}`));
  });
  await opened.promise;

  function send(method: string, params: object = {}): Promise<unknown> {
    const asked = Promise.withResolvers<unknown>();
    const id = ++last;
    waiting.set(id, asked);
    socket.send(JSON.stringify({ id, method, params }));
    return asked.promise;
  }

  /** Adds up a number over all living objects with this prototype. */
  async function sumOver(prototype: string, read: string): Promise<number> {
    const { result } = Remote.parse(
      await send("Runtime.evaluate", { expression: prototype, contextId }),
    );
    const { objects } = Queried.parse(
      await send("Runtime.queryObjects", { prototypeObjectId: result.objectId }),
    );
    const sum = await send("Runtime.callFunctionOn", {
      objectId: objects.objectId,
      functionDeclaration: `function () { return this.reduce((sum, each) => sum + (${read}), 0); }`,
      returnByValue: true,
    });
    // Else the inspector would hold on to all of them.
    for (const objectId of [objects.objectId, result.objectId]) {
      await send("Runtime.releaseObject", { objectId });
    }
    return Value.parse(sum).result.value;
  }

  await send("Runtime.enable");
  return {
    async readMemory() {
      await send("HeapProfiler.collectGarbage");
      const { usedSize } = Usage.parse(await send("Runtime.getHeapUsage"));
      const wasm = await sumOver("WebAssembly.Memory.prototype", "each.buffer.byteLength");
      const all = await sumOver("ArrayBuffer.prototype", "each.byteLength");
      return { heap: usedSize, wasm, buffers: all };
    },
    close: () => socket.close(),
  };
}
