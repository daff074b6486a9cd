// The version that serves, fetched file by file; and the way of a new one into the registry.
import { MANIFEST_FILE } from "../../../models/registry/keys.ts";
import {
  parseManifest,
  type Manifest,
  type ModelFiles,
} from "../../../models/registry/manifest.ts";
import { expectStatus } from "../client/api.ts";
import type { RetrainClient } from "./client.ts";

const TASK = "next-item";

export type Champion = { manifest: Manifest; files: ModelFiles };

/** Null where nothing serves. Throws where what serves cannot be read. */
export async function fetchChampion(client: RetrainClient): Promise<Champion | null> {
  const { current } = await client.readModel(TASK);
  if (current === null) return null;
  const download = (file: string) => client.download(`/v1/models/${TASK}/${current}/${file}`);
  const described = await download(MANIFEST_FILE);
  const parsed = parseManifest(described);
  if (!parsed.ok) throw new Error(`The model that serves cannot be judged: ${parsed.reason}`);
  const files: Record<string, Uint8Array> = { [MANIFEST_FILE]: described };
  for (const name of Object.keys(parsed.value.files)) files[name] = await download(name);
  return { manifest: parsed.value, files };
}

/**
 * Stores all files, the manifest last, so that nothing can be promoted half-way; then promotes, unless another
 * version has been promoted since `champion` was judged.
 */
export async function publish(
  client: RetrainClient,
  version: string,
  files: ModelFiles,
  champion: string | null,
): Promise<{ ok: true } | { ok: false; reason: string }> {
  const names = Object.keys(files).filter((name) => name !== MANIFEST_FILE);
  for (const name of [...names, MANIFEST_FILE]) {
    const path = `/v1/models/${TASK}/${version}/${name}`;
    const bytes = new Uint8Array(files[name] ?? new Uint8Array());
    const answer = await client.api.send("PUT", path, bytes, "application/octet-stream");
    expectStatus(answer, 201, `PUT ${path}`);
  }
  const { current } = await client.readModel(TASK);
  if (current !== champion)
    return {
      ok: false,
      reason: `${current} was promoted meanwhile; the next round judges against it.`,
    };
  const answer = await client.api.send(
    "POST",
    `/v1/models/${TASK}/promote`,
    JSON.stringify({ version }),
  );
  if (answer.status === 200) return { ok: true };
  return { ok: false, reason: `The Worker refused it: ${JSON.stringify(answer.body)}` };
}

/** Whether the Worker that answers serves this version by now. */
export async function isServing(client: RetrainClient, version: string): Promise<boolean> {
  return (await client.readModel(TASK)).serving === version;
}
