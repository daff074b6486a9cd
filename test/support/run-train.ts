// `npm run train` in its own process, with one thread, so that its bytes can be compared.
import { spawn } from "node:child_process";
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");

export type Ended = { code: number | null; stderr: string };

/** Runs the command; `interruptAt` sends SIGINT when stderr first shows that text. */
export function runTrain(
  task: "next-item" | "ranking",
  args: readonly string[],
  interruptAt?: string,
): Promise<Ended> {
  const command = ["src/cli/train.ts", "--task", task, "--threads", "1", ...args];
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  let sent = false;
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    if (interruptAt === undefined || sent || !stderr.includes(interruptAt)) return;
    sent = true;
    child.kill("SIGINT");
  });
  return new Promise((done) => child.on("close", (code) => done({ code, stderr })));
}
