// A real `wrangler dev` with state of its own, on a free port, for one test file.
import { rmSync } from "node:fs";
import { connect, type Api } from "../../src/client/api.ts";
import { ensureDevVars, type DevKeys } from "../../src/client/dev-vars.ts";
import {
  applyMigrations,
  findFreePort,
  startLocalWorker,
  type LocalWorker,
} from "../../src/lab/worker/local-worker.ts";
import { makeFolder } from "./folder.ts";

/** A request that takes longer has failed, ms. */
const WAIT_MS = 30_000;

export type LocalShop = {
  url: string;
  keys: DevKeys;
  api: Api;
  /** Starts the Worker again, on the same port and state, after it was killed. */
  restart(): Promise<void>;
  /** SIGKILL to the Worker and all its processes. */
  kill(): Promise<void>;
  /** Ends the Worker and removes its state. */
  close(): Promise<void>;
};

export async function openLocalShop(): Promise<LocalShop> {
  const persistTo = makeFolder();
  const keys = ensureDevVars();
  const port = await findFreePort();
  await applyMigrations(persistTo);
  let worker: LocalWorker = await startLocalWorker({ port, persistTo });
  const { url } = worker;
  return {
    url,
    keys,
    api: connect({ url, key: keys.secret, waitMs: WAIT_MS }),
    async restart() {
      worker = await startLocalWorker({ port, persistTo });
    },
    kill: () => worker.kill(),
    async close() {
      await worker.stop();
      rmSync(persistTo, { recursive: true, force: true });
    },
  };
}
