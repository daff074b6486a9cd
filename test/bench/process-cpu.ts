// CPU time and memory of child processes, from Linux's /proc. On a busy machine it says more than the clock does.
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Linux counts in ticks of 10 ms wherever Node runs (USER_HZ = 100). */
const TICK_MS = 10;
/** And in pages of 4 kB on the usual machines. */
const PAGE_BYTES = 4096;

/** Fields of /proc/<pid>/stat after the command's name, which may itself hold spaces. */
function readStat(pid: number): { command: string; fields: string[] } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [start, end] = [text.indexOf("("), text.lastIndexOf(")")];
    return { command: text.slice(start + 1, end), fields: text.slice(end + 2).split(" ") };
  } catch {
    return null; // Ended meanwhile.
  }
}

/** Children of this process with that command; none where there is no /proc. */
export function findChildren(command: string): number[] {
  if (!existsSync("/proc/self/stat")) return [];
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => {
      const stat = Number.isInteger(pid) && pid > 0 ? readStat(pid) : null;
      return stat?.command === command && Number(stat.fields[1]) === process.pid;
    });
}

/** User and system time, ms. */
export function readCpuMs(pid: number): number {
  const fields = readStat(pid)?.fields ?? [];
  return TICK_MS * (Number(fields[11] ?? 0) + Number(fields[12] ?? 0));
}

/** Resident memory, bytes. */
export function readMemory(pid: number): number {
  return PAGE_BYTES * Number(readStat(pid)?.fields[21] ?? 0);
}
