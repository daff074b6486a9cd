// One production bundle for all test files of a run that want one.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./folder.ts";

export default function shareBundle(): () => void {
  const folder = makeFolder();
  process.env["MILLRACE_BUNDLE"] = join(folder, "bundle");
  return () => rmSync(folder, { recursive: true, force: true });
}
