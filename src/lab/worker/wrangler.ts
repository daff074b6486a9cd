// Runs wrangler as a process of its own, and ends it with all that it started.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ROOT } from "../../client/keys.ts";

const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
/** How long a process may take to end by itself, ms. */
const GRACE_MS = 5_000;
const POLL_MS = 50;

export type Running = {
  /** Resolves with the exit code when the process has ended, whoever ended it. */
  ended: Promise<number>;
  /** Null while it runs. */
  exitCode(): number | null;
  /** What it last said, for an error message. */
  output(): string;
  /** Ends the process and its children: by SIGTERM, after a grace period by SIGKILL. */
  stop(): Promise<void>;
  /** Ends them at once, as a power cut would. */
  kill(): Promise<void>;
};

/** Enough to hold a stack trace, characters. */
const KEPT_OUTPUT = 20_000;

function keepTail(child: ChildProcess, echo: boolean): () => string {
  let tail = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      tail = (tail + chunk.toString("utf8")).slice(-KEPT_OUTPUT);
      if (echo) process.stderr.write(chunk);
    });
  }
  return () => tail;
}

/** A local Worker asks nothing of the network: no metrics, no update notice, no sample of `request.cf`. */
const QUIET = {
  WRANGLER_SEND_METRICS: "false",
  NO_UPDATE_NOTIFIER: "1",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** A signal to the whole process group; false when nobody is left in it. */
function signalGroup(pid: number, signal: "SIGTERM" | "SIGKILL" | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}

async function waitUntilGone(pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (signalGroup(pid, 0)) {
    if (performance.now() > deadline) return false;
    await pause(POLL_MS);
  }
  return true;
}

/** `detached` gives wrangler and its workerd a process group of their own, by which they can be ended. */
export function startWrangler(args: readonly string[], echo = false): Running {
  const child = spawn(process.execPath, [WRANGLER, ...args], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...QUIET },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("wrangler could not be started.");
  const output = keepTail(child, echo);
  const exitCode = (): number | null => (child.signalCode === null ? child.exitCode : 1);
  const ended = once(child, "exit").then(() => exitCode() ?? 1);
  return {
    ended,
    exitCode,
    output,
    async stop() {
      if (signalGroup(pid, "SIGTERM") && !(await waitUntilGone(pid, GRACE_MS))) await this.kill();
    },
    async kill() {
      signalGroup(pid, "SIGKILL");
      if (!(await waitUntilGone(pid, GRACE_MS))) throw new Error(`Process ${pid} does not end.`);
    },
  };
}

/** Runs wrangler to its end; throws with its output where it fails. */
export async function runWrangler(args: readonly string[]): Promise<void> {
  const running = startWrangler(args);
  const code = await running.ended;
  if (code !== 0) throw new Error(`wrangler ${args.join(" ")} failed:\n${running.output()}`);
}
