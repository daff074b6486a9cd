// Publishes a model folder (manifest and files) to a Worker through its API, and makes it the current one.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { expectStatus, type Api } from "../client/api.ts";
import { ROOT } from "../client/keys.ts";

/** A ranking model and its next-item model, trained on the demo shop; README says how. */
export const DEMO_MODEL = join(ROOT, "models/demo");

/** Of the manifest, only what the path needs; the Worker judges the rest. */
const Manifest = z.object({ task: z.string(), version: z.string() });

const Models = z.object({
  models: z.array(
    z.object({ task: z.string(), current: z.object({ version: z.string() }).nullable() }),
  ),
});

/** The manifest goes last: a version without one is not complete, so nothing can be promoted half-way. */
const MANIFEST = "manifest.json";

export type Published = { task: string; version: string };

async function isCurrent(api: Api, { task, version }: Published): Promise<boolean> {
  const body = expectStatus(await api.send("GET", "/v1/models"), 200, "GET /v1/models");
  const listed = Models.parse(body).models.find((model) => model.task === task);
  return listed?.current?.version === version;
}

/** Where a ranking model's folder holds the next-item model that it reads; see `npm run train`. */
const BESIDE = "next-item";

/**
 * Publishes a model, and before it the one in the folder that it was trained beside. In between, an isolate may have the
 * new one of them only: then it answers without ranking. The first of the answer was published first.
 */
export async function publishModels(api: Api, folder: string): Promise<Published[]> {
  const beside = await publishModel(api, join(folder, BESIDE));
  const model = await publishModel(api, folder);
  return [beside, model].filter((each) => each !== null);
}

/** Null where the folder holds no model. A version that serves already is left as it is. */
export async function publishModel(api: Api, folder: string): Promise<Published | null> {
  if (!existsSync(join(folder, MANIFEST))) return null;
  const model = Manifest.parse(JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")));
  if (await isCurrent(api, model)) return model;
  const base = `/v1/models/${encodeURIComponent(model.task)}`;
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== MANIFEST && !entry.name.startsWith("."))
    .map(({ name }) => name);
  for (const name of [...files, MANIFEST]) {
    const path = `${base}/${encodeURIComponent(model.version)}/${encodeURIComponent(name)}`;
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const answer = await api.send("PUT", path, bytes, "application/octet-stream");
    expectStatus(answer, 201, `PUT ${path}`);
  }
  const answer = await api.send(
    "POST",
    `${base}/promote`,
    JSON.stringify({ version: model.version }),
  );
  expectStatus(answer, 200, `POST ${base}/promote`);
  return model;
}
