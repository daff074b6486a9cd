// `npm run train -- --task ranking` as a user runs it: in its own process, twice, with the same bytes.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkFiles, parseManifest } from "../../../models/registry/manifest.ts";
import { openRanking } from "../../../models/ranking/open-ranking.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { TINY } from "../next-item/tiny-shop.ts";
import { makeLog } from "./small-log.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-ranking-"));
  const lines = makeLog({ sessions: 300 }).sessions.map(({ items }) => items.join(" "));
  writeFileSync(join(folder, "sessions.txt"), `${lines.join("\n")}\n`);
  const config = { encoder: { ...TINY, epochs: 1 }, ranking: { epochs: 1, share: 0.3 } };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The files of the folder that was written. */
function train(out: string, more: readonly string[] = []) {
  const options = ["--data", join(folder, "sessions.txt"), "--config", join(folder, "config.json")];
  const command = ["src/cli/train.ts", "--task", "ranking", "--threads", "1", ...options];
  const ended = spawnSync(process.execPath, [...command, "--out", join(folder, out), ...more], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return { code: ended.status, stderr: ended.stderr };
}

function readFolder(path: string): Record<string, Uint8Array> {
  const names = readdirSync(path).filter((name) => name.includes("."));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name))]));
}

it("writes a model and the encoder that it was trained beside, the same for the same seed", async () => {
  expect(train("first")).toMatchObject({ code: 0 });
  expect(train("second")).toMatchObject({ code: 0 });
  const first = readFolder(join(folder, "first"));
  const second = readFolder(join(folder, "second"));
  expect(first["model.onnx"]).toEqual(second["model.onnx"]);

  const { "manifest.json": bytes = new Uint8Array(), ...files } = first;
  const manifest = parseManifest(bytes);
  if (!manifest.ok) throw new Error(manifest.reason);
  expect(await checkFiles(manifest.value, files)).toMatchObject({ ok: true });
  expect(manifest.value.metrics["validation_mrr@20"]).toBeGreaterThan(0);
  const opened = await openRanking(createNodeRuntime())({ manifest: manifest.value, files });
  expect(opened).toMatchObject({ ok: true });

  const encoder = parseManifest(readFileSync(join(folder, "first", "next-item", "manifest.json")));
  if (!encoder.ok) throw new Error(encoder.reason);
  expect(manifest.value.config["next_item_versions"]).toEqual([encoder.value.version]);
});

it("says that it cannot be resumed", () => {
  const { code, stderr } = train("third", ["--resume"]);
  expect(code).not.toBe(0);
  expect(stderr).toContain("leave out --resume");
});
