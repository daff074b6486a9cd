// Folders for the state of one test run.
import { accessSync, constants, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Linux's file system in memory: it outlives a killed process as a disk does, without waiting for one. */
const MEMORY = "/dev/shm";

function findBase(): string {
  try {
    accessSync(MEMORY, constants.W_OK);
    return MEMORY;
  } catch {
    return tmpdir(); // Another system, or a sandbox: a disk will do.
  }
}

/** A new folder, to be removed by the caller. */
export function makeFolder(): string {
  return mkdtempSync(join(findBase(), "millrace-"));
}
