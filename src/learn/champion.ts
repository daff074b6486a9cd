// The versions that serve, fetched file by file; and the way of a new pair into the registry.
import { accept, refuse } from "../../durable/state/result.ts";
import type { Result } from "../../durable/state/result.ts";
import { MANIFEST_FILE, type Task } from "../../models/registry/keys.ts";
import { parseManifest } from "../../models/registry/manifest.ts";
import { expectStatus } from "../client/api.ts";
import type { RetrainClient } from "./fetch/client.ts";
import type { PairFiles } from "./serving-side.ts";
import type { PackedPair, Version } from "./train-pair.ts";

/** In the order in which they are promoted: a ranking model serves only beside the next-item model that it names. */
const TASKS = [
  ["next-item", "nextItem"],
  ["ranking", "ranking"],
] as const satisfies readonly (readonly [Task, keyof PackedPair])[];

export type Champion = { nextItem: Version | null; ranking: Version | null };

/** Throws where what serves cannot be read. */
export async function fetchChampion(client: RetrainClient): Promise<Champion> {
  return {
    nextItem: await fetchCurrent(client, "next-item"),
    ranking: await fetchCurrent(client, "ranking"),
  };
}

export function filesOf({ nextItem, ranking }: Champion | PackedPair): PairFiles {
  return { nextItem: nextItem?.files ?? null, ranking: ranking?.files ?? null };
}

async function fetchCurrent(client: RetrainClient, task: Task): Promise<Version | null> {
  const { current } = await client.readModel(task);
  if (current === null) return null;
  const download = (file: string) => client.download(`/v1/models/${task}/${current}/${file}`);
  const described = await download(MANIFEST_FILE);
  const parsed = parseManifest(described);
  if (!parsed.ok)
    throw new Error(`The ${task} model that serves cannot be judged: ${parsed.reason}`);
  const files: Record<string, Uint8Array> = { [MANIFEST_FILE]: described };
  for (const name of Object.keys(parsed.value.files)) files[name] = await download(name);
  return { manifest: parsed.value, files };
}

/**
 * Stores all files of both, each manifest last, so that nothing can be promoted half-way; then promotes both, unless
 * another version has been promoted since `champion` was judged. Where the second is refused the first is taken back.
 *
 * @param beside a file for the readers of either version; no manifest lists it, so that Workers do not load it
 */
export async function publish(
  client: RetrainClient,
  pair: PackedPair,
  beside: { name: string; bytes: Uint8Array<ArrayBuffer> },
  champion: Champion,
): Promise<Result<null>> {
  for (const [task, part] of TASKS) {
    const { version } = pair[part].manifest;
    await upload(client, `/v1/models/${task}/${version}`, pair[part], beside);
  }
  for (const [task, part] of TASKS) {
    const { current } = await client.readModel(task);
    if (current !== (champion[part]?.manifest.version ?? null))
      return refuse(`${current} was promoted meanwhile; the next round judges against it.`);
  }
  const promoted: Task[] = [];
  for (const [task, part] of TASKS) {
    const body = JSON.stringify({ version: pair[part].manifest.version });
    const answer = await client.api.send("POST", `/v1/models/${task}/promote`, body);
    if (answer.status !== 200) {
      for (const done of promoted) await client.api.send("POST", `/v1/models/${done}/rollback`);
      return refuse(`The Worker refused the ${task} model: ${JSON.stringify(answer.body)}`);
    }
    promoted.push(task);
  }
  return accept(null);
}

async function upload(
  client: RetrainClient,
  base: string,
  { files }: Version,
  beside: { name: string; bytes: Uint8Array<ArrayBuffer> },
): Promise<void> {
  const all: Record<string, Uint8Array> = { ...files, [beside.name]: beside.bytes };
  const names = Object.keys(all).filter((name) => name !== MANIFEST_FILE);
  for (const name of [...names, MANIFEST_FILE]) {
    const bytes = new Uint8Array(all[name] ?? new Uint8Array());
    const answer = await client.api.send(
      "PUT",
      `${base}/${name}`,
      bytes,
      "application/octet-stream",
    );
    expectStatus(answer, 201, `PUT ${base}/${name}`);
  }
}

/** Whether the isolate that answers serves both by now. */
export async function isServing(
  client: RetrainClient,
  versions: { nextItem: string; ranking: string },
): Promise<boolean> {
  for (const [task, part] of TASKS)
    if ((await client.readModel(task)).serving !== versions[part]) return false;
  return true;
}
