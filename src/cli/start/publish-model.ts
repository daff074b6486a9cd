// Publishes a model folder (manifest and files) to a Worker through its API, and makes it the current one.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { expectStatus, type Api } from "../../client/api.ts";
import { ROOT } from "../../client/keys.ts";

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
 * new one of them only: then it goes on with the old pair for a while. The first of the answer was published first.
 */
export async function publishModels(api: Api, folder: string): Promise<Published[]> {
  const beside = await publishModel(api, join(folder, BESIDE));
  const model = await publishModel(api, folder);
  return [beside, model].filter((each) => each !== null);
}

/** The same without letting anything serve. */
export async function publishFiles(api: Api, folder: string): Promise<Published[]> {
  const models = [join(folder, BESIDE), folder].flatMap((each) => readModel(each) ?? []);
  for (const model of models) await sendFiles(api, model);
  return models;
}

/** Null where the folder holds no model. A version that serves already is left as it is. */
export async function publishModel(api: Api, folder: string): Promise<Published | null> {
  const model = readModel(folder);
  if (model === null || (await isCurrent(api, model))) return model;
  await sendFiles(api, model);
  const { task, version } = model;
  const path = `/v1/models/${encodeURIComponent(task)}/promote`;
  const answer = await api.send("POST", path, JSON.stringify({ version }));
  expectStatus(answer, 200, `POST ${path}`);
  return model;
}

type LocalModel = Published & { folder: string };

function readModel(folder: string): LocalModel | null {
  if (!existsSync(join(folder, MANIFEST))) return null;
  const manifest: unknown = JSON.parse(readFileSync(join(folder, MANIFEST), "utf8"));
  return { ...Manifest.parse(manifest), folder };
}

async function sendFiles(api: Api, { task, version, folder }: LocalModel): Promise<void> {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== MANIFEST && !entry.name.startsWith("."))
    .map(({ name }) => name);
  for (const name of [...files, MANIFEST]) {
    const path = [task, version, name].map(encodeURIComponent).join("/");
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const answer = await api.send("PUT", `/v1/models/${path}`, bytes, "application/octet-stream");
    expectStatus(answer, 201, `PUT /v1/models/${path}`);
  }
}
