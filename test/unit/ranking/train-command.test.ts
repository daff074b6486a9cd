// `npm run train -- --task ranking` as a user runs it: in its own process: with the same bytes however often, and resumed.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkFiles, parseManifest } from "../../../models/registry/manifest.ts";
import { openRanking } from "../../../models/ranking/serve/open-ranking.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { runTrain } from "../../support/run-train.ts";
import { TINY } from "../next-item/tiny-shop.ts";
import { makeLog } from "./small-log.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-ranking-"));
  const lines = makeLog({ sessions: 300 }).sessions.map(({ items }) => items.join(" "));
  writeFileSync(join(folder, "sessions.txt"), `${lines.join("\n")}\n`);
  const config = { encoder: { ...TINY, epochs: 4 }, ranking: { epochs: 1, share: 0.3 } };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function train(out: string, more: readonly string[] = [], interruptAt?: string) {
  const options = ["--data", join(folder, "sessions.txt"), "--config", join(folder, "config.json")];
  return runTrain("ranking", [...options, "--out", join(folder, out), ...more], interruptAt);
}

function readFolder(path: string): Record<string, Uint8Array> {
  const names = readdirSync(path).filter((name) => name.includes("."));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name))]));
}

it("writes a model and the encoder that it was trained beside, the same for the same seed", async () => {
  expect(await train("first")).toMatchObject({ code: 0 });
  expect(await train("second")).toMatchObject({ code: 0 });
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

it("ends with the same bytes when it was interrupted and resumed", async () => {
  expect(await train("whole")).toMatchObject({ code: 0 });
  const stopped = await train("pieces", [], "Epoch 1");
  expect(stopped.code).toBe(130);
  expect(readdirSync(join(folder, "pieces"))).toEqual(["checkpoint.bin"]);
  const resumed = await train("pieces", ["--resume"]);
  expect(resumed).toMatchObject({ code: 0 });
  expect(resumed.stderr).toContain("Going on at step");
  expect(readdirSync(join(folder, "pieces"))).not.toContain("checkpoint.bin");
  for (const part of ["", "next-item"]) {
    const [whole, pieces] = ["whole", "pieces"].map((out) => readFolder(join(folder, out, part)));
    expect(pieces?.["model.onnx"]).toEqual(whole?.["model.onnx"]);
  }
});
