// Where the public data sets may lie. None is part of this repository; a test that needs one says what is missing.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../src/client/keys.ts";

/** MILLRACE_DATA names the folder; without it, one beside the checkout. */
const FOLDERS = [process.env["MILLRACE_DATA"], join(ROOT, "../shared/data"), join(ROOT, "../data")];

/** The path of a file of a data set, or null where there is none. */
export function findDataFile(name: string): string | null {
  const paths = FOLDERS.flatMap((folder) => (folder === undefined ? [] : [join(folder, name)]));
  return paths.find((path) => existsSync(path)) ?? null;
}
