// Models of a test's own making, and the registry's API as a trainer uses it.
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { createModelFolder } from "../../../models/next-item/serve/model-folder.ts";
import { trainNextItem } from "../../../models/next-item/train/train.ts";
import { completeRankingConfig } from "../../../models/ranking/config.ts";
import { freeze } from "../../../models/ranking/train/encoder-pair.ts";
import { createRankingFolder } from "../../../models/ranking/serve/model-folder.ts";
import { trainPipeline } from "../../../models/ranking/train/train-pipeline.ts";
import { MANIFEST_FILE, pointerKey } from "../../../models/registry/keys.ts";
import type { Task } from "../../../models/registry/keys.ts";
import { sha256 } from "../../../models/registry/manifest.ts";
import type { Manifest } from "../../../models/registry/manifest.ts";
import { createWorkersRuntime } from "../../../models/runtime/workers.ts";
import { call } from "./shop.ts";

export type Folder = { manifest: Manifest; files: Record<string, Uint8Array> };
export type Pair = { nextItem: Folder; ranking: Folder };

/** ms after which an isolate has looked at the pointers again, and so often that it waits for nothing. */
export const NEXT_LOOK = 20_000;

const TRAINED = new Map<string, Promise<Pair>>();

/** Two models that belong together, on a shop where each item is followed by the one `step` further on. Trained once. */
export async function trainPair(vocabulary: readonly string[], step = 1): Promise<Pair> {
  const key = JSON.stringify([vocabulary, step]);
  const known = TRAINED.get(key) ?? train(vocabulary, step);
  TRAINED.set(key, known);
  return await known;
}

async function train(vocabulary: readonly string[], step: number): Promise<Pair> {
  const { length: items } = vocabulary;
  const sessions = Array.from({ length: 300 }, (_, i) => ({
    items: Array.from({ length: 6 }, (_, at) => (i + at * step) % items),
  }));
  const data = { sessions, items };
  const small = { dim: 16, length: 8, batch: 8, epochs: 6, warmupSteps: 10 };
  const runtime = createWorkersRuntime();
  const encoder = await trainNextItem({
    data,
    config: { ...small, validation: 0, refit: false },
    runtime,
  });
  const frozen = await freeze(encoder.weights, runtime);
  const config = completeRankingConfig({ share: 0.3, epochs: 2, hidden: [8], warmupSteps: 5 });
  const pair = { earlier: frozen, full: frozen };
  const trained = await trainPipeline({ data, encoders: [pair], config, runtime });
  const facts = { vocabulary, data, source: "test", metrics: {}, now: Date.now() };
  const nextItem = await createModelFolder(encoder.weights, facts);
  const ranking = await createRankingFolder(trained.ranker, {
    config,
    sources: trained.pipeline.sources,
    logSize: trained.logSize,
    encoders: [nextItem.manifest.version],
    data: nextItem.manifest.data,
    metrics: {},
    now: Date.now(),
  });
  await frozen.scorer.release();
  await encoder.release();
  return { nextItem, ranking };
}

/** The same pair under other versions, as after a retraining: next-<suffix> and rank-<suffix>. */
export function renamePair({ nextItem, ranking }: Pair, suffix: string): Pair {
  const change = (folder: Folder, fields: Partial<Manifest>): Folder => {
    const manifest = { ...folder.manifest, ...fields };
    const files = { ...folder.files };
    files[MANIFEST_FILE] = new TextEncoder().encode(JSON.stringify(manifest));
    return { manifest, files };
  };
  const version = `next-${suffix}`;
  const config = { ...ranking.manifest.config, next_item_versions: [version] };
  return {
    nextItem: change(nextItem, { version }),
    ranking: change(ranking, { version: `rank-${suffix}`, config }),
  };
}

export type Changes = { honest?: boolean } & Partial<Manifest>;

/** The folder under another version, with some files replaced; `honest`: the manifest lists the new hashes. */
export async function deriveFrom(
  folder: Folder,
  version: string,
  changes: Record<string, Uint8Array> = {},
  { honest = true, ...fields }: Changes = {},
): Promise<Folder> {
  const listed = { ...folder.manifest.files };
  for (const [name, bytes] of Object.entries(changes)) {
    if (honest) listed[name] = { sha256: await sha256(bytes), bytes: bytes.length };
  }
  const manifest = { ...folder.manifest, files: listed, ...fields, version };
  const files = { ...folder.files, ...changes };
  files[MANIFEST_FILE] = new TextEncoder().encode(JSON.stringify(manifest));
  return { manifest, files };
}

/** Sets the pointer as somebody would who does not go through the API. */
export async function forcePointer(
  task: Task,
  version: string,
  history: readonly string[] = [],
): Promise<void> {
  const pointer = { version, history, promoted_at: new Date().toISOString() };
  await env.BUCKET.put(pointerKey(task), JSON.stringify(pointer));
}

export type Here = { serving: string | null; refused: { version: string; reason: string }[] };

/** What the isolate makes of a task's pointer. */
export async function readHere(task: Task): Promise<Here> {
  const response = await call("GET", "/v1/models");
  const { models } = await response.json<{ models: { task: string; here: Here }[] }>();
  const found = models.find((each) => each.task === task);
  if (found === undefined) throw new Error(`${task} is not listed`);
  return found.here;
}

export async function publish({ manifest, files }: Folder): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    const path = `/v1/models/${manifest.task}/${manifest.version}/${name}`;
    const response = await call("PUT", path, bytes.slice());
    expect(response.status, await response.clone().text()).toBe(201);
  }
}

export async function publishPair({ nextItem, ranking }: Pair): Promise<void> {
  await publish(nextItem);
  await publish(ranking);
}

/** Sends JSON with the secret key. */
export async function send(method: string, path: string, body: object): Promise<Response> {
  const json = { "content-type": "application/json" };
  return await call(method, path, JSON.stringify(body), "sk_test", json);
}

export async function promote({ manifest: { task, version } }: Folder): Promise<void> {
  const response = await send("POST", `/v1/models/${task}/promote`, { version });
  expect(response.status, await response.clone().text()).toBe(200);
}
