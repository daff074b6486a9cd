// Publishes a model folder (manifest and files) to a Worker through its API, and makes it the current one.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { expectStatus, type Api } from "../client/api.ts";

/** Of the manifest, only what the path needs; the Worker judges the rest. */
const Manifest = z.object({ task: z.string(), version: z.string() });

/** The manifest goes last: a version without one is not complete, so nothing can be promoted half-way. */
const MANIFEST = "manifest.json";

export type Published = { task: string; version: string };

/** Null where the folder holds no model. */
export async function publishModel(api: Api, folder: string): Promise<Published | null> {
  if (!existsSync(join(folder, MANIFEST))) return null;
  const { task, version } = Manifest.parse(
    JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")),
  );
  const base = `/v1/models/${encodeURIComponent(task)}`;
  const files = readdirSync(folder).filter((name) => name !== MANIFEST && !name.startsWith("."));
  for (const name of [...files, MANIFEST]) {
    const path = `${base}/${encodeURIComponent(version)}/${encodeURIComponent(name)}`;
    const type = name.endsWith(".json") ? "application/json" : "application/octet-stream";
    const answer = await api.send(
      "PUT",
      path,
      new Uint8Array(readFileSync(join(folder, name))),
      type,
    );
    if (answer.status !== 201) expectStatus(answer, 200, `PUT ${path}`);
  }
  const answer = await api.send("POST", `${base}/promote`, JSON.stringify({ version }));
  expectStatus(answer, 200, `POST ${base}/promote`);
  return { task, version };
}
