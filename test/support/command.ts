// Runs one of our command lines as a process of its own, as a user does.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ROOT } from "../../src/client/keys.ts";

export type Command = {
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** Null while it runs. */
  exitCode(): number | null;
  /** Resolves with the exit code; 1 where a signal ended it. */
  ended: Promise<number>;
  signal(name: "SIGINT" | "SIGKILL"): void;
};

/** `name` is a file of src/cli, e.g. "replay". */
export function startCommand(name: string, args: readonly string[]): Command {
  const child = spawn(process.execPath, [join(ROOT, `src/cli/${name}.ts`), ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (printed.stdout += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (printed.stderr += chunk.toString("utf8")));
  const exitCode = (): number | null => (child.signalCode === null ? child.exitCode : 1);
  return {
    stdout: () => printed.stdout,
    stderr: () => printed.stderr,
    exitCode,
    ended: once(child, "close").then(() => exitCode() ?? 1),
    signal: (name) => child.kill(name),
  };
}

/** Runs it to its end; throws with its words where it fails. Resolves with what it printed. */
export async function runCommandLine(name: string, args: readonly string[]): Promise<string> {
  const command = startCommand(name, args);
  const code = await command.ended;
  if (code === 0) return command.stdout();
  throw new Error(`${name} ended with ${code}:\n${command.stdout()}\n${command.stderr()}`);
}

/** The JSON object in the last line of an output. */
export function lastLineAsJson(output: string): unknown {
  return JSON.parse(output.trim().split("\n").at(-1) ?? "");
}
