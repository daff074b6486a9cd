// The production bundle in workerd for all tests of a file, and a folder of their own; both go with the last test.
import { rmSync } from "node:fs";
import { afterAll } from "vitest";
import { openClient, type RetrainClient } from "../../src/learn/fetch/client.ts";
import { buildBundle } from "../bench/bundle.ts";
import { KEYS, openBenchWorker, type BenchWorker } from "../bench/miniflare-worker.ts";
import { makeFolder } from "./folder.ts";

export type TestWorker = { worker: BenchWorker; client: RetrainClient; folder: string };

/** To be awaited at the top of a test file. */
export async function openTestWorker(): Promise<TestWorker> {
  await buildBundle();
  const worker = await openBenchWorker();
  const folder = makeFolder();
  afterAll(async () => {
    await worker.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { worker, client: openClient(worker.url, KEYS.secret), folder };
}
