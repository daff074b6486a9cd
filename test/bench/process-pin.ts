// Keeps a process on one core, so that the load generator takes no time from what it measures. Linux only.
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** All threads of a process; false where the system cannot. */
function pin(pid: number, core: number): boolean {
  const { status } = spawnSync("taskset", ["-a", "-p", "-c", String(core), String(pid)]);
  return status === 0;
}

/** Puts `pids` on the first core and this process on the second; says in a sentence what came of it. */
export function separate(pids: readonly number[]): string {
  const cores = availableParallelism();
  if (cores < 2 || pids.length === 0) return "workerd and the load generator share the cores";
  const pinned = pids.every((pid) => pin(pid, 0)) && pin(process.pid, 1);
  return pinned
    ? "workerd has one core, the load generator another"
    : "workerd and the load generator share the cores";
}
