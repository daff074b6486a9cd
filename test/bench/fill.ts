// Brings a shop into the bench's Worker: catalogue, history, and models whose vocabulary is that catalogue.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Api } from "../../src/client/api.ts";
import { startBar } from "../../src/lab/progress-bar.ts";
import { importCatalogue } from "../../src/lab/replay/import-catalogue.ts";
import { postEvents } from "../../src/lab/replay/requests.ts";
import { publishModel } from "../../src/cli/start/publish-model.ts";
import { writeFolder } from "../../src/lab/train/write-folder.ts";
import { makeFolder } from "../support/folder.ts";
import { pollUntil } from "../support/poll.ts";
import { makeModels, type ModelSize } from "./shop/random-models.ts";
import type { BenchShop } from "./shop/random-shop.ts";

const EVENTS_PER_REQUEST = 100;
const WAIT_MS = 60_000;
/** The isolate looks for a new model every 15 s, and learns the log for a ranking model. */
const MODEL_MS = 120_000;

export async function fillShop(api: Api, { items, events }: BenchShop): Promise<void> {
  await importCatalogue(api, items);
  const bar = startBar("history", events.length);
  for (let start = 0; start < events.length; start += EVENTS_PER_REQUEST) {
    await postEvents(api, events.slice(start, start + EVENTS_PER_REQUEST), WAIT_MS);
    bar.update(Math.min(events.length, start + EVENTS_PER_REQUEST));
  }
  bar.stop();
}

/** Publishes one after the other: what `publishNext` gives is done when answers come from that model. */
export async function preparePublishing(api: Api, shop: BenchShop, size: ModelSize) {
  const { nextItem, ranking } = await makeModels(shop.items, size, Date.now());
  const shopper = shop.events.at(-1)?.anonymous_id ?? "";
  async function publish(files: Readonly<Record<string, Uint8Array>>, ranked: boolean) {
    const folder = makeFolder();
    try {
      writeFolder(join(folder, "model"), files);
      await publishModel(api, join(folder, "model"));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    await waitUntilWhole(api, shopper, ranked);
  }
  return {
    publishNextItem: () => publish(nextItem.files, false),
    publishRanking: () => publish(ranking.files, true),
  };
}

/** Waits until answers come from the models and lack nothing: then caches are warm and the log's tail is read. */
async function waitUntilWhole(api: Api, shopper: string, ranked: boolean): Promise<void> {
  await pollUntil("an answer that lacks nothing", MODEL_MS, async () => {
    const path = `/v1/recommendations?surface=home&anonymous_id=${encodeURIComponent(shopper)}`;
    const { body } = await api.send("GET", path);
    const { degraded, model_version, ranking_version, items } = Object(body);
    if (degraded?.length !== 0 || model_version === null || !(items?.length > 0)) return null;
    return (ranking_version !== null) === ranked ? true : null;
  });
}
