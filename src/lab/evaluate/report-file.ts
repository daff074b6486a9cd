// Where an evaluation's HTML goes.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Makes the folders on the way, and tells where it is. */
export function writeReportFile(path: string, html: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, html);
  console.log(`\nReport: ${path}`);
}
