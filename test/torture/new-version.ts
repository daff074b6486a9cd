// The demo's pair of models under a version of its own: one that has served cannot be published again.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_MODEL } from "../../src/cli/start/publish-model.ts";

const MANIFESTS = ["manifest.json", "next-item/manifest.json"];
/** As versions end. */
const DIGITS = 8;

/** @param round from 0; another one gives another version */
export function copyModels(folder: string, round: number): string {
  const copy = join(folder, String(round));
  cpSync(DEMO_MODEL, copy, { recursive: true });
  const texts = MANIFESTS.map((name) => readFileSync(join(copy, name), "utf8"));
  const versions = texts.map((text) => String(Object(JSON.parse(text)).version));
  for (const [index, text] of texts.entries()) {
    const renamed = versions.reduce(
      (whole, version, task) => whole.replaceAll(version, rename(version, round * 2 + task)),
      text,
    );
    writeFileSync(join(copy, MANIFESTS[index] ?? ""), renamed);
  }
  return copy;
}

function rename(version: string, number: number): string {
  return version.slice(0, -DIGITS) + number.toString(16).padStart(DIGITS, "0");
}
