// A Worker that dies by SIGKILL, with all its processes, and comes back over the same state.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const SCRIPT = join(import.meta.dirname, "worker-process.ts");

export type MortalWorker = {
  /** Null while it is dead. */
  url(): string | null;
  start(): Promise<void>;
  kill(): Promise<void>;
};

export function openMortalWorker(folder: string): MortalWorker {
  let child: ChildProcess | null = null;
  let url: string | null = null;
  return {
    url: () => url,
    async start() {
      // A process group of its own, by which workerd dies too.
      const started = spawn(process.execPath, [SCRIPT, folder], {
        detached: true,
        stdio: ["ignore", "pipe", "ignore"],
      });
      child = started;
      const lines = createInterface({ input: started.stdout });
      const first = once(lines, "line").then(([line]) => String(line));
      const died = once(started, "exit").then(() => null);
      url = await Promise.race([first, died]);
      if (url === null) throw new Error("The Worker ended before it could say where it is.");
    },
    async kill() {
      const { pid } = child ?? {};
      if (child === null || pid === undefined) return;
      const gone = once(child, "exit");
      url = null;
      process.kill(-pid, "SIGKILL");
      await gone;
      child = null;
    },
  };
}
