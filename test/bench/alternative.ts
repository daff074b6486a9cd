// What the service is compared with: the usual way without a stream. A nightly batch has put each shopper's list into a
// KV namespace, and a Worker looks it up. It is about as fast as a Worker with storage gets, and knows nothing of today.
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { Call } from "./http-client.ts";
import { findChildren } from "./process-cpu.ts";
import type { BenchItem } from "./shop/random-shop.ts";

const SHOPPERS = 200;
const LENGTH = 20;
const SCRIPT = `export default {
  async fetch(request, env) {
    const list = await env.LISTS.get(new URL(request.url).searchParams.get("shopper"), "json");
    return Response.json(list, { status: list === null ? 404 : 200 });
  },
};`;

export type Alternative = {
  url: string;
  pids: readonly number[];
  make: () => Call;
  close(): Promise<void>;
};

export async function openAlternative(items: readonly BenchItem[]): Promise<Alternative> {
  const others = new Set(findChildren("workerd"));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      workers: [{ name: "precomputed", modules: true, script: SCRIPT, kvNamespaces: ["LISTS"] }],
    }),
  );
  const url = (await miniflare.ready).origin;
  const lists = await miniflare.getKVNamespace("LISTS");
  await Promise.all(
    Array.from({ length: SHOPPERS }, (_, shopper) => {
      const from = (shopper * LENGTH) % items.length;
      const list = { items: items.slice(from, from + LENGTH) };
      return lists.put(String(shopper), JSON.stringify(list));
    }),
  );
  let next = 0;
  return {
    url,
    pids: findChildren("workerd").filter((pid) => !others.has(pid)),
    make: () => ({ method: "GET", path: `/?shopper=${next++ % SHOPPERS}` }),
    close: () => miniflare.dispose(),
  };
}
