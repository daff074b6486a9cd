// What retraining needs of a Worker's API, typed: exports, the registry, the scheduler's signal, files as bytes.
import { setTimeout as pause } from "node:timers/promises";
import pRetry from "p-retry";
import * as z from "zod";
import { connect, expectStatus, type Api } from "../../client/api.ts";

/** How long a request may be retried: a Worker may be deployed meanwhile, ms. */
const WAIT_MS = 60_000;
/** A request for a job is answered after 20 s and the slice that is then under way, ms. */
const ATTEMPT_MS = 120_000;
/** A file of 40 MB over a slow line, ms. */
const DOWNLOAD_MS = 300_000;
/** Before a job that is held by another is asked for again, ms. */
const PAUSE_MS = 1000;
/** Of a download that broke off. */
const RETRIES = 2;

const Part = z.object({
  name: z.string().regex(/^part-[\d-]+\.parquet$/),
  rows: z.number(),
  sha256: z.string(),
  status: z.string(),
  to_seq: z.number(),
});

const Exports = z.object({
  minor_units: z.number(),
  exports: z.array(z.object({ dt: z.iso.date(), parts: z.array(Part) })),
});

const Models = z.object({
  models: z.array(
    z.object({
      task: z.string(),
      current: z.object({ version: z.string() }).nullable(),
      here: z.object({ serving: z.string().nullable() }).nullable(),
    }),
  ),
});

const Jobs = z.object({
  jobs: z.array(
    z.object({
      name: z.string(),
      runs: z.array(z.object({ run_id: z.number(), status: z.string() })),
    }),
  ),
});

const JobRun = z.object({
  status: z.string(),
  error: z.string().nullable(),
  advice: z.string().nullable(),
});

export type Exports = z.infer<typeof Exports>;
export type ServedModel = { current: string | null; serving: string | null };

export type RetrainClient = {
  readonly api: Api;
  listExports(): Promise<Exports>;
  readModel(task: string): Promise<ServedModel>;
  /** The number of the last run of `request-retraining` that is done, 0 for none. */
  readSignal(): Promise<number>;
  /** Works on a job until its run is done; throws where it fails. */
  runJob(name: string): Promise<void>;
  download(path: string): Promise<Uint8Array<ArrayBuffer>>;
};

export function openClient(
  url: string,
  key: string,
  { signal, waitMs = WAIT_MS }: { signal?: AbortSignal; waitMs?: number } = {},
): RetrainClient {
  const api = connect({ url, key, waitMs, attemptMs: ATTEMPT_MS, signal });
  const get = async (path: string) => expectStatus(await api.send("GET", path), 200, `GET ${path}`);
  return {
    api,
    listExports: async () => Exports.parse(await get("/v1/exports")),
    async readModel(task) {
      const { models } = Models.parse(await get("/v1/models"));
      const found = models.find((model) => model.task === task);
      return { current: found?.current?.version ?? null, serving: found?.here?.serving ?? null };
    },
    async readSignal() {
      const { jobs } = Jobs.parse(await get("/v1/jobs?runs=2"));
      const runs = jobs.find(({ name }) => name === "request-retraining")?.runs ?? [];
      return runs.find(({ status }) => status === "done")?.run_id ?? 0;
    },
    async runJob(name) {
      const deadline = performance.now() + waitMs;
      for (let status = ""; status !== "done";) {
        const answer = await api.send("POST", `/v1/jobs/${name}/run`);
        if (answer.status === 409 && performance.now() < deadline) {
          // The scheduler is at it, or at one that it waits for.
          await pause(PAUSE_MS);
          continue;
        }
        const run = JobRun.parse(expectStatus(answer, 200, `POST /v1/jobs/${name}/run`));
        if (run.status === "failed") throw new Error(`${name}: ${run.error} ${run.advice}`);
        ({ status } = run);
      }
    },
    async download(path) {
      const fetchBytes = async () => {
        const headers = { authorization: `Bearer ${key}` };
        const signal = AbortSignal.timeout(DOWNLOAD_MS);
        const response = await fetch(new URL(path, url), { headers, signal });
        if (!response.ok) throw new Error(`GET ${path}: status ${response.status}.`);
        return new Uint8Array(await response.arrayBuffer());
      };
      return await pRetry(fetchBytes, { retries: RETRIES });
    },
  };
}
