// A Worker on this machine: migrations applied, `wrangler dev` running, health asked until it answers.
import { createServer } from "node:net";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { runWrangler, startWrangler, type Running } from "./wrangler.ts";

export type LocalWorkerOptions = {
  port: number;
  /** Where D1, R2, objects and queues keep their files. */
  persistTo: string;
  /** Shows the Worker's errors on stderr. */
  echo?: boolean;
};

/** The shoppers of a shop on this machine are simulated, so nobody has to be asked. */
const DEMO_CONSENT = "granted";

export type LocalWorker = Running & { url: string };

/** wrangler bundles and workerd compiles 14 MB of WASM meanwhile; a slow machine takes its time, ms. */
const START_TIMEOUT_MS = 90_000;
const POLL_MS = 100;

/** Whether nobody listens on the port. Another process could still be quicker; wrangler then says so itself. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return true;
  } catch {
    return false; // Whatever the reason, wrangler could not listen there either.
  } finally {
    server.close();
  }
}

/** Any free port of the machine's choice. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (typeof address !== "object" || address === null) throw new Error("No free port.");
  return address.port;
}

export async function applyMigrations(persistTo: string): Promise<void> {
  await runWrangler(["d1", "migrations", "apply", "DB", "--local", "--persist-to", persistTo]);
}

async function isLive(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false; // Not listening yet.
  }
}

/** @throws Error with wrangler's own words where the Worker does not come up. */
export async function startLocalWorker(options: LocalWorkerOptions): Promise<LocalWorker> {
  const { port, persistTo, echo } = options;
  const args = ["dev", "--ip", "127.0.0.1", "--port", String(port), "--persist-to", persistTo];
  args.push(
    "--inspector-port",
    "0",
    "--log-level",
    "error",
    "--show-interactive-dev-session=false",
    "--var",
    `DEFAULT_CONSENT:${DEMO_CONSENT}`,
  );
  const running = startWrangler(args, echo);
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await isLive(url))) {
    const code = running.exitCode();
    if (code !== null) throw new Error(`wrangler dev ended (code ${code}):\n${running.output()}`);
    if (performance.now() > deadline) {
      await running.stop();
      throw new Error(
        `The Worker is not live after ${START_TIMEOUT_MS / 1000} s:\n${running.output()}`,
      );
    }
    await pause(POLL_MS);
  }
  return { ...running, url };
}
