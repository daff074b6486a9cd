// What the Worker's isolate holds: without a model, with a pair of them, and while it swaps to the next pair.
import { setTimeout as pause } from "node:timers/promises";
import type { Api } from "../../src/client/api.ts";
import { expectStatus } from "../../src/client/api.ts";
import { startBar } from "../../src/lab/progress-bar.ts";
import { publishFiles, publishModels } from "../../src/cli/start/publish-model.ts";
import { openInspector } from "./inspector.ts";
import type { Inspector, IsolateMemory } from "./inspector.ts";
import { printMemory } from "./print.ts";
import { makeModels } from "./shop/random-models.ts";
import type { ModelSize } from "./shop/random-models.ts";
import type { BenchShop } from "./shop/random-shop.ts";
import { writePair } from "./shop/write-pair.ts";

/** An isolate looks at the pointers every 15 s, opens and learns, and keeps what it replaced for 30 s. */
const FIRST_MS = 60_000;
const SWAP_MS = 75_000;
const LOOK_EVERY_MS = 500;

const sizeOf = ({ heap, wasm, buffers }: IsolateMemory) => heap + wasm + buffers;

/** A table in Markdown. Lists are asked for all the time, since an isolate works only when it is asked. */
export async function measureMemory(
  api: Api,
  inspectorUrl: string,
  shop: BenchShop,
  size: ModelSize,
): Promise<string> {
  const pair = await makeModels(shop.items, size, Date.now());
  const inspector = await openInspector(inspectorUrl);
  const follow = async (ms: number, version: string) =>
    await followMemory(api, inspector, shop, { ms, version });
  try {
    const bare = (await follow(1, "")).last;
    await publishModels(api, await writePair(pair, "1"));
    const first = await follow(FIRST_MS, "rank-1");
    for (const { task, version } of await publishFiles(api, await writePair(pair, "2"))) {
      const path = `/v1/models/${task}/promote`;
      expectStatus(await api.send("POST", path, JSON.stringify({ version })), 200, path);
    }
    const second = await follow(SWAP_MS, "rank-2");
    return printMemory([
      ["without a model", bare],
      ["with a pair of models", first.last],
      ["most while the next pair comes", second.most],
      ["after that", second.last],
    ]);
  } finally {
    inspector.close();
  }
}

type Followed = { most: IsolateMemory; last: IsolateMemory };

/** @param version of the ranking model that has to answer in the end, "" for none */
async function followMemory(
  api: Api,
  inspector: Inspector,
  { events }: BenchShop,
  { ms, version }: { ms: number; version: string },
): Promise<Followed> {
  const shopper = encodeURIComponent(events.at(-1)?.anonymous_id ?? "");
  const path = `/v1/recommendations?surface=home&anonymous_id=${shopper}`;
  const bar = startBar(version === "" ? "no model" : `${version}, s`, ms / 1000);
  const start = performance.now();
  for (let most: IsolateMemory | null = null; ;) {
    const answer = Object(expectStatus(await api.send("GET", path), 200, `GET ${path}`));
    const last = await inspector.readMemory();
    if (most === null || sizeOf(last) > sizeOf(most)) most = last;
    const passed = performance.now() - start;
    bar.update(Math.round(Math.min(ms, passed) / 1000));
    if (passed >= ms) {
      bar.stop();
      if ((answer.ranking_version ?? "") === version) return { most, last };
      throw new Error(`${answer.ranking_version} answers, and not ${version}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}
