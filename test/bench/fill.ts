// Brings a shop into the bench's Worker: catalogue, history, and a model whose vocabulary is that catalogue.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Api } from "../../src/cli/client/api.ts";
import { ROOT } from "../../src/cli/client/keys.ts";
import type { ShopLog } from "../../src/cli/open-log.ts";
import { startBar } from "../../src/cli/progress-bar.ts";
import { importCatalogue } from "../../src/cli/replay/import-catalogue.ts";
import { postEvents } from "../../src/cli/replay/requests.ts";
import type { WireEvent } from "../../src/cli/simulate/wire.ts";
import { pollUntil } from "../support/poll.ts";

const FOLDER = join(ROOT, "reports/bench");
const EVENTS_PER_REQUEST = 100;
const WAIT_MS = 60_000;
/** The isolate looks for a new model every few seconds. */
const MODEL_MS = 90_000;
/** Speed does not depend on how well a model has learned. */
const TRAINING = { epochs: 1, validation: 0, refit: false };

/** Trains a ranking model and the next-item model beside it, once; the next run finds the folder. */
export function prepareModels(source: string, file: string): string {
  const out = join(FOLDER, `ranking-${source}`);
  if (existsSync(join(out, "manifest.json"))) return out;
  mkdirSync(FOLDER, { recursive: true });
  const config = join(FOLDER, "training.json");
  writeFileSync(config, JSON.stringify({ encoder: TRAINING, ranking: { epochs: 1 } }));
  const args = ["--task", "ranking", "--source", source, "--data", file, "--config", config];
  const train = join(ROOT, "src/cli/train.ts");
  execFileSync(process.execPath, [train, ...args, "--out", out], { stdio: "inherit" });
  return out;
}

export async function fillShop(
  api: Api,
  log: ShopLog,
  events: readonly WireEvent[],
): Promise<void> {
  await importCatalogue(api, await log.catalogue());
  const bar = startBar("history", events.length);
  for (let start = 0; start < events.length; start += EVENTS_PER_REQUEST) {
    await postEvents(api, events.slice(start, start + EVENTS_PER_REQUEST), WAIT_MS);
    bar.update(Math.min(events.length, start + EVENTS_PER_REQUEST));
  }
  bar.stop();
}

/** Waits until answers come from the models and lack nothing: then caches are warm and the log's tail is read. */
export async function waitUntilWhole(api: Api, shopper: string, ranked: boolean): Promise<void> {
  await pollUntil("an answer that lacks nothing", MODEL_MS, async () => {
    const path = `/v1/recommendations?surface=home&anonymous_id=${encodeURIComponent(shopper)}`;
    const { body } = await api.send("GET", path);
    const { degraded, model_version, ranking_version, items } = Object(body);
    if (degraded?.length !== 0 || model_version === null || !(items?.length > 0)) return null;
    return (ranking_version !== null) === ranked ? true : null;
  });
}
