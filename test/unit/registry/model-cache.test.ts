// The versions that an isolate holds open: each once, within its memory, and no longer than somebody may run them.
import { beforeEach, expect, it } from "vitest";
import type { ModelBucket } from "../../../models/registry/bucket.ts";
import { fileKey, MANIFEST_FILE } from "../../../models/registry/keys.ts";
import { describeFiles } from "../../../models/registry/manifest.ts";
import { ModelMemory } from "../../../models/registry/memory.ts";
import { advance, swapPointer } from "../../../models/registry/pointer.ts";
import { GRACE, ModelCache } from "../../../models/registry/model-cache.ts";
import { PointerFollower } from "../../../models/registry/pointer-follower.ts";
import { createMemoryBucket } from "./memory-bucket.ts";

type Model = { version: string; release(): Promise<void> };

const TASK = "next-item";
/** Room for two of the versions below. */
const LIMIT = 250;

let bucket: ModelBucket;
let opened: string[];
let released: string[];
let cache: ModelCache<Model>;

async function publish(version: string, bytes = 100, claimed = bytes): Promise<void> {
  const files = await describeFiles({ "model.onnx": new Uint8Array(bytes) });
  const manifest = {
    task: TASK,
    version,
    created_at: "",
    data: { source: "", from: null, to: null, events: 0 },
    feature_schema: "0".repeat(64),
    inputs: [],
    outputs: [],
    vocabulary: null,
    metrics: {},
    parent: null,
    files: { "model.onnx": { ...files["model.onnx"], bytes: claimed } },
    config: {},
    seed: 0,
  };
  await bucket.put(fileKey(TASK, version, "model.onnx"), new ArrayBuffer(bytes));
  await bucket.put(fileKey(TASK, version, MANIFEST_FILE), JSON.stringify(manifest));
}

beforeEach(async () => {
  bucket = createMemoryBucket();
  opened = [];
  released = [];
  cache = new ModelCache<Model>(
    bucket,
    TASK,
    async ({ manifest: { version } }) => {
      opened.push(version);
      if (version === "bad") throw new Error("no graph");
      const release = async () => void released.push(version);
      return { ok: true, value: { version, release } };
    },
    new ModelMemory(LIMIT),
  );
  for (const version of ["a", "b", "c", "bad"]) await publish(version);
});

it("opens a version once, whoever asks, and one at the same time too", async () => {
  const answers = await Promise.all([cache.open("a", 0), cache.open("a", 0)]);
  const again = await cache.open("a", 1);
  const models = [...answers, again].map((each) => each.ok && each.value);
  expect(new Set(models).size).toBe(1);
  // Of two at the same moment one was too many, and is gone.
  expect(opened.length - released.length).toBe(1);
});

it("keeps what it let go of until no request can be running it any more", async () => {
  await cache.open("a", 0);
  await cache.retain(new Set(["a"]), GRACE * 2);
  await cache.retain(new Set(), GRACE * 3);
  await cache.retain(new Set(), GRACE * 4 - 1);
  expect(released).toEqual([]);
  await cache.retain(new Set(), GRACE * 4);
  expect(released).toEqual(["a"]);
  await cache.open("a", GRACE * 4);
  expect(opened).toEqual(["a", "a"]);
});

it("lets a version wait that has no room, until there is some", async () => {
  await cache.open("a", 0);
  await cache.open("b", 0);
  expect(await cache.open("c", 0)).toMatchObject({ ok: false, reason: { code: "no_room" } });
  expect(opened).toEqual(["a", "b"]);
  await cache.retain(new Set(["a"]), GRACE);
  expect(await cache.open("c", GRACE)).toMatchObject({ ok: true });
});

it("gives back the room of what was refused, and of what was cut off while it was opened", async () => {
  for (let i = 0; i < 5; i++) {
    expect(await cache.open("bad", 0, true)).toMatchObject({
      ok: false,
      reason: { code: "unfit" },
    });
  }
  const memory = new ModelMemory(100);
  expect(memory.take(100, 0)).not.toBe(null);
  expect(memory.take(100, 30_000)).toBe(null);
  expect(memory.take(100, 61_000)).not.toBe(null);
});

it("does not look at a refused version again while it is wanted, unless it is told to", async () => {
  await cache.open("bad", 0);
  await cache.open("bad", 0);
  expect(opened).toEqual(["bad"]);
  await cache.open("bad", 0, true);
  await cache.retain(new Set(), 0);
  await cache.open("bad", 0);
  expect(opened).toEqual(["bad", "bad", "bad"]);
});

it("reads no file that is larger than its manifest says", async () => {
  await publish("liar", 1000, 10);
  const answer = await cache.open("liar", 0);
  expect(answer).toMatchObject({
    ok: false,
    reason: { message: expect.stringMatching(/has 1000 bytes/) },
  });
  expect(opened).toEqual([]);
});

it("follows the pointer past a version that will not do, and waits for room without forgetting", async () => {
  const follower = new PointerFollower(bucket, TASK, cache);
  await swapPointer(bucket, TASK, null, { ...advance(null, "bad", 0), history: ["a"] });
  expect(await follower.refresh(0)).toBe(true);
  expect(follower.state).toMatchObject({
    wanted: "bad",
    serving: "a",
    refused: [{ version: "bad" }],
  });
  await cache.open("b", 0);
  await bucket.put("models/next-item/current.json", JSON.stringify(advance(null, "c", 1)));
  expect(await follower.refresh(1)).toBe(false);
  expect(follower.state).toMatchObject({ wanted: "c", serving: "a" });
  await cache.retain(new Set(["a"]), GRACE);
  expect(await follower.refresh(GRACE)).toBe(true);
  expect(follower.state).toEqual({ wanted: "c", serving: "c", refused: [] });
});
