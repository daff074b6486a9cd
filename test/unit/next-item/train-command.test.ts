// `npm run train` as a user runs it: in its own process, interrupted, resumed.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkFiles, parseManifest } from "../../../models/registry/manifest.ts";
import { runTrain } from "../../support/run-train.ts";
import { circularShop, TINY } from "./tiny-shop.ts";

const train = (args: readonly string[], interruptAt?: string) =>
  runTrain("next-item", args, interruptAt);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-train-"));
  const lines = circularShop({ sessions: 400 }).sessions.map(({ items }) =>
    items.map((i) => `p${i}`).join(" "),
  );
  writeFileSync(join(folder, "sessions.txt"), `${lines.join("\n")}\n`);
  writeFileSync(
    join(folder, "config.json"),
    JSON.stringify({ ...TINY, epochs: 6, encoder: "sasrec" }),
  );
  writeFileSync(join(folder, "wrong.json"), JSON.stringify({ epoch: 6 }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function filesOf(out: string): Record<string, Uint8Array> {
  const names = readdirSync(out).filter((name) => name !== "manifest.json");
  return Object.fromEntries(
    names.map((name) => [name, new Uint8Array(readFileSync(join(out, name)))]),
  );
}

describe("npm run train", () => {
  it("ends with the same bytes whether interrupted and resumed or not", async () => {
    const [whole, pieces] = [join(folder, "whole"), join(folder, "pieces")];
    const args = [
      "--data",
      join(folder, "sessions.txt"),
      "--config",
      join(folder, "config.json"),
      "--out",
    ];
    expect((await train([...args, whole])).code).toBe(0);

    const stopped = await train([...args, pieces], "Epoch 2");
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain("--resume");
    expect(readdirSync(pieces)).toEqual(["checkpoint.bin"]);
    const resumed = await train([...args, pieces, "--resume"]);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).not.toContain("Epoch 1:");
    expect(filesOf(pieces)).toEqual(filesOf(whole));
    expect(readdirSync(pieces)).not.toContain("checkpoint.bin");

    const parsed = parseManifest(readFileSync(join(pieces, "manifest.json")));
    if (!parsed.ok) throw new Error(parsed.reason);
    expect(await checkFiles(parsed.value, filesOf(pieces))).toMatchObject({ ok: true });
    expect(parsed.value.config).toMatchObject({ encoder: "sasrec", epochs: 6 });
    expect(parsed.value.metrics["validation_mrr@20"]).toBeGreaterThan(0);
  });

  it.each([
    ["an unknown setting", "sessions.txt", "wrong.json", "epoch"],
    ["a file that is not there", "nothing.txt", "config.json", "nothing.txt"],
  ])("says in one sentence what is wrong with %s", async (_, data, config, told) => {
    const args = [
      "--data",
      join(folder, data),
      "--config",
      join(folder, config),
      "--out",
      join(folder, "none"),
    ];
    const { code, stderr } = await train(args);
    expect(code).toBe(1);
    expect(stderr).toContain(told);
    expect(stderr).not.toContain("    at ");
  });
});
