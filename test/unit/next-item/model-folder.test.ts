// A model folder: complete, checked, refused in a sentence when something does not match; and vectors for cold items.
import { beforeAll, describe, expect, it } from "vitest";
import { toVocabItem } from "../../../models/next-item/data/vocab-item.ts";
import { contentVector, createContentTable } from "../../../models/next-item/network/content.ts";
import { roundedVectors } from "../../../models/next-item/network/item-vectors.ts";
import { createModelFolder, nextItemSchema } from "../../../models/next-item/serve/model-folder.ts";
import { outputRows, runContexts } from "../../../models/next-item/serve/scorer.ts";
import { TABLE_FORMS } from "../../../models/next-item/network/table-form.ts";
import { trainNextItem } from "../../../models/next-item/train/train.ts";
import type { TrainedEncoder } from "../../../models/next-item/train/train.ts";
import { checkFiles, checkModel, parseManifest } from "../../../models/registry/manifest.ts";
import { openNextItem } from "../../../models/next-item/serve/open-next-item.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { richShop, TINY } from "./tiny-shop.ts";

const runtime = createNodeRuntime({ threads: 1 });
const data = richShop();
const vocabulary = Array.from({ length: data.items }, (_, i) => `item-${i}`);
const OPTIONS = {
  vocabulary,
  data,
  source: "made up",
  metrics: { "mrr@20": 1 },
  now: Date.UTC(2026, 0, 2),
};
let model: TrainedEncoder;
let folder: Awaited<ReturnType<typeof createModelFolder>>;

beforeAll(async () => {
  model = await trainNextItem({ data, config: { ...TINY, epochs: 8, itemDropout: 0.5 }, runtime });
  folder = await createModelFolder(model.weights, OPTIONS);
});

function manifestBytes(): Uint8Array {
  const bytes = folder.files["manifest.json"];
  if (!bytes) throw new Error("the folder has no manifest");
  return bytes;
}

describe("a model folder", () => {
  it("has a manifest that reads back as it was written", () => {
    expect(parseManifest(manifestBytes())).toEqual({ ok: true, value: folder.manifest });
    expect(folder.manifest.version).toMatch(/^20260102T000000-[0-9a-f]{8}$/);
    expect(folder.manifest.data.to).toBe(
      new Date(data.sessions.at(-1)?.times?.at(-1) ?? 0).toISOString(),
    );
  });

  it("passes the check of a program with the same features", async () => {
    const checked = await checkModel(folder.manifest, folder.files, await nextItemSchema());
    expect(checked.ok).toBe(true);
  });

  it("is refused where a byte of a file differs, a file is missing, or the features are others", async () => {
    const onnx = folder.files["model.onnx"]?.slice() ?? new Uint8Array();
    onnx[onnx.length >> 1] = (onnx[onnx.length >> 1] ?? 0) ^ 1;
    const altered = await checkFiles(folder.manifest, { ...folder.files, "model.onnx": onnx });
    expect(altered).toMatchObject({ ok: false, reason: expect.stringContaining("model.onnx") });
    const { "vocabulary.json": _, ...rest } = folder.files;
    expect(await checkFiles(folder.manifest, rest)).toMatchObject({
      ok: false,
      reason: expect.stringContaining("vocabulary.json"),
    });
    expect(await checkModel(folder.manifest, folder.files, "0".repeat(64))).toMatchObject({
      ok: false,
      reason: expect.stringContaining("features"),
    });
  });

  it.each([
    ["no JSON", "{"],
    ["a hash that is none", JSON.stringify({ task: "next-item" })],
    ["a file name that leads elsewhere", "traversal"],
  ])("is refused for %s", (_, text) => {
    const escaping = {
      ...folder.manifest,
      files: { "../x.bin": { sha256: "0".repeat(64), bytes: 1 } },
    };
    const bytes = new TextEncoder().encode(text === "traversal" ? JSON.stringify(escaping) : text);
    expect(parseManifest(bytes)).toMatchObject({ ok: false, reason: expect.stringMatching(/\.$/) });
  });

  it("holds a graph that answers as the trained model does, with its inputs and outputs listed", async () => {
    const session = await runtime.load(folder.files["model.onnx"] ?? new Uint8Array());
    expect(folder.manifest.inputs.map(({ name }) => name)).toEqual([...session.inputs]);
    expect(folder.manifest.outputs.map(({ name }) => name)).toEqual([...session.outputs]);
    const results = await runContexts(session, [{ items: [3, 4] }], model.config.length);
    expect(outputRows(results, "scores", 1)).toEqual(await model.score([[3, 4]]));
    await session.release();
  });

  it("opens as a model whose state gives a new item its score on the scale of all others", async () => {
    const calibration = { ...model.weights.calibration, catalogue: 0.5 };
    const softer = await createModelFolder({ ...model.weights, calibration }, OPTIONS);
    const opened = await openNextItem(runtime, Number)(softer);
    if (!opened.ok) throw new Error(opened.reason);
    const { scores, state, total } = await opened.value.score([
      { item: toVocabItem(3), type: "view_item", at: 0 },
    ]);
    const { dim } = model.config;
    for (const item of [4, 5, 6]) {
      const vector = model.weights.vectors.subarray(item * dim, (item + 1) * dim);
      const cosine = vector.reduce((sum, x, d) => sum + x * (state?.[d] ?? 0), 0);
      expect(cosine * opened.value.scale - total).toBeCloseTo(scores[item] ?? NaN, 4);
    }
    await opened.value.release();
  });

  it.each(TABLE_FORMS)(
    "opens with the vectors that a ranking model learned from: %s",
    async (form) => {
      const written = await createModelFolder(model.weights, { ...OPTIONS, form });
      const opened = await openNextItem(runtime, Number)(written);
      if (!opened.ok) throw new Error(opened.reason);
      const { dim } = model.config;
      const [learned, served] = [new Float64Array(dim), new Float64Array(dim)];
      roundedVectors(model.weights.vectors, dim, form).read(5, learned);
      opened.value.vectors?.read(toVocabItem(5), served);
      expect(served).toEqual(learned);
      await opened.value.release();
    },
  );

  it("gives an item without any click the vector of its category", () => {
    const { content, config } = model.weights;
    const table = createContentTable(data.content ?? [], content, config.dim);
    const vector = contentVector(table, { category: "2" });
    expect(Math.hypot(...(vector ?? []))).toBeCloseTo(1, 5);
    expect(contentVector(table, { category: "unheard of" })).toBeNull();
    const cosine = (item: number) =>
      (vector ?? new Float32Array()).reduce(
        (sum, x, d) => sum + x * (model.weights.vectors[item * config.dim + d] ?? 0),
        0,
      );
    const mean = (kin: boolean) => {
      const items = vocabulary.map((_, i) => i).filter((item) => (item % 4 === 2) === kin);
      return items.reduce((sum, item) => sum + cosine(item), 0) / items.length;
    };
    expect(mean(true)).toBeGreaterThan(mean(false));
  });
});
