// The life of a model in real workerd: trained, published, promoted, served, swapped, refused, rolled back.
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { FILES, createModelFolder } from "../../models/next-item/serve/model-folder.ts";
import { trainNextItem } from "../../models/next-item/train/train.ts";
import { MANIFEST_FILE } from "../../models/registry/keys.ts";
import { createWorkersRuntime } from "../../models/runtime/workers.ts";
import {
  deriveFrom,
  forcePointer,
  NEXT_LOOK,
  publish,
  readHere,
  send,
} from "./support/registry.ts";
import type { Changes, Folder } from "./support/registry.ts";
import { ask, call, letPass, listIds, openShop, putItems } from "./support/shop.ts";

const ITEMS = 24;
const VOCABULARY = Array.from({ length: ITEMS }, (_, i) => `item-${i}`);

let good: Folder;

/** A shop where each item is followed by the next one. */
async function train(): Promise<Folder> {
  const sessions = Array.from({ length: 300 }, (_, i) => ({
    items: Array.from({ length: 6 }, (_, step) => (i + step) % ITEMS),
  }));
  const content = [
    {
      name: "category",
      values: 2,
      labels: ["even", "odd"],
      of: Int32Array.from({ length: ITEMS }, (_, item) => item % 2),
    },
  ];
  const data = { sessions, items: ITEMS, content };
  const config = {
    dim: 16,
    length: 8,
    batch: 8,
    epochs: 10,
    warmupSteps: 10,
    validation: 0,
    refit: false,
    itemDropout: 0.3,
  };
  const runtime = createWorkersRuntime();
  const model = await trainNextItem({ data, config, runtime });
  const folder = await createModelFolder(model.weights, {
    vocabulary: VOCABULARY,
    data,
    source: "test",
    metrics: { "mrr@20": 12.5 },
    now: Date.now(),
  });
  await model.release();
  return folder;
}

const derive = (...about: [string, Record<string, Uint8Array>?, Changes?]) =>
  deriveFrom(good, ...about);

async function promote(version: string): Promise<{ status: number; message: string }> {
  const response = await send("POST", "/v1/models/next-item/promote", { version });
  const body = await response.json<{ error?: { message: string } }>();
  return { status: response.status, message: body.error?.message ?? "" };
}

const force = (version: string, history: string[] = []) =>
  forcePointer("next-item", version, history);
const here = () => readHere("next-item");

/** Lets every isolate look at the pointer, and the looking come to its end. */
async function settle(version: string | null): Promise<void> {
  letPass(NEXT_LOOK);
  await vi.waitFor(async () => expect((await here()).serving).toBe(version), { timeout: 20_000 });
}

async function view(anonymous_id: string, item_id: string): Promise<void> {
  const event = {
    event_id: crypto.randomUUID(),
    name: "view_item",
    timestamp: new Date(Date.now()).toISOString(),
    anonymous_id,
    items: [{ item_id }],
  };
  const response = await call("POST", "/v1/events", JSON.stringify(event), "pk_test");
  expect(response.status).toBe(202);
}

beforeAll(async () => {
  await openShop();
  vi.useFakeTimers({ toFake: ["Date"] });
  await putItems(
    VOCABULARY.map((item_id, i) => ({ item_id, category: i % 2 === 0 ? "even" : "odd" })),
  );
  good = await train();
}, 120_000);

afterAll(() => vi.useRealTimers());

it("says that there is no model, and answers all the same", async () => {
  const list = await ask("/v1/recommendations?anonymous_id=a&limit=5");
  expect(list.items).toHaveLength(5);
  expect(list).toMatchObject({ model_version: null, degraded: ["model"] });
});

it("serves a version that was published and promoted", async () => {
  await publish(await derive("v1"));
  expect(await promote("v1")).toEqual({ status: 200, message: "" });
  await settle("v1");
  await view("a", "item-4");
  await view("a", "item-5");
  const list = await ask("/v1/recommendations?anonymous_id=a&limit=5&seen=exclude");
  expect(list).toMatchObject({ model_version: "v1", degraded: [], personal: true });
  expect(listIds(list).slice(0, 3)).toContain("item-6");
  expect(list.items[0]?.source).toBe("next_item");
});

it("scores an item that came after the model by what it is", async () => {
  await putItems([{ item_id: "brand-new", category: "even" }]);
  letPass(NEXT_LOOK);
  const list = await ask("/v1/recommendations?anonymous_id=a&limit=25&category=even");
  const index = list.items.findIndex(({ item_id }) => item_id === "brand-new");
  expect(list.items[index]).toMatchObject({ source: "next_item" });
});

it("refuses to promote what is broken, in a sentence that says why", async () => {
  const junk = new TextEncoder().encode("no graph");
  const half = good.files[FILES.graph]?.slice(0, 2000) ?? junk;
  const corrupted = good.files[FILES.graph]?.slice() ?? junk;
  corrupted[corrupted.length >> 1] = (corrupted[corrupted.length >> 1] ?? 0) ^ 1;
  const short = new TextEncoder().encode(JSON.stringify(VOCABULARY.slice(1)));
  const cases: [Folder, RegExp][] = [
    [
      await derive("hash", { [FILES.graph]: half }, { honest: false }),
      /model\.onnx of hash has 2000 bytes/,
    ],
    [
      await derive("bits", { [FILES.graph]: corrupted }, { honest: false }),
      /model\.onnx of bits is not/,
    ],
    [await derive("junk", { [FILES.graph]: junk }), /junk does not run/],
    [await derive("half", { [FILES.graph]: half }), /half does not run/],
    [
      await derive("short", { [FILES.vocabulary]: short }),
      /vectors that are not one for each of 23 items/,
    ],
    [await derive("words", { [FILES.vocabulary]: junk }), /vocabulary of words/],
    [await derive("schema", {}, { feature_schema: "0".repeat(64) }), /reads other features/],
  ];
  for (const [folder, reason] of cases) {
    await publish(folder);
    const answer = await promote(folder.manifest.version);
    expect(answer).toMatchObject({ status: 422, message: expect.stringMatching(reason) });
  }
  expect(await promote("nowhere")).toMatchObject({ status: 422, message: /manifest/ });
  expect((await here()).serving).toBe("v1");
}, 30_000);

it("refuses a version whose manifest speaks of another, or is no manifest", async () => {
  const { files } = await derive("v1");
  for (const bytes of [files[MANIFEST_FILE] ?? new Uint8Array(), new TextEncoder().encode("{}")]) {
    await call("PUT", `/v1/models/next-item/odd/${MANIFEST_FILE}`, bytes.slice());
    expect((await promote("odd")).status).toBe(422);
  }
});

it("goes on with the old version where the pointer leads to a broken one, and tells", async () => {
  await force("junk", ["v1"]);
  letPass(NEXT_LOOK);
  await vi.waitFor(async () => {
    expect((await here()).refused[0]?.reason).toMatch(/junk does not run/);
  });
  const list = await ask("/v1/recommendations?anonymous_id=a&limit=5");
  expect(list).toMatchObject({ model_version: "v1", degraded: [] });
  await force("v1");
});

it("swaps without a request failing or going without a model", async () => {
  await publish(await derive("v2"));
  expect(await promote("v2")).toEqual({ status: 200, message: "" });
  letPass(NEXT_LOOK);
  const versions = new Set<string | null>();
  await vi.waitFor(
    async () => {
      const lists = await Promise.all(
        Array.from({ length: 8 }, () => ask("/v1/recommendations?anonymous_id=a&limit=3")),
      );
      for (const list of lists) {
        expect(list.degraded).toEqual([]);
        versions.add(list.model_version);
      }
      expect(versions).toContain("v2");
    },
    { timeout: 20_000 },
  );
  expect([...versions].every((version) => version === "v1" || version === "v2")).toBe(true);
});

it("rolls back to the version before, before the first one to none, and no further", async () => {
  const back = await call("POST", "/v1/models/next-item/rollback");
  expect(await back.json()).toMatchObject({ version: "v1", history: [] });
  await settle("v1");
  const none = await call("POST", "/v1/models/next-item/rollback");
  expect(await none.json()).toMatchObject({ version: null, history: [] });
  await vi.waitFor(
    async () => {
      letPass(NEXT_LOOK);
      expect(await ask("/v1/recommendations?anonymous_id=a&limit=3")).toMatchObject({
        model_version: null,
      });
    },
    { timeout: 20_000 },
  );
  expect((await call("POST", "/v1/models/next-item/rollback")).status).toBe(409);
});

it("never writes over a version that has served", async () => {
  const response = await call("PUT", "/v1/models/next-item/v1/model.onnx", "x");
  expect(response.status).toBe(409);
});

it("lets one of two promotions at the same moment win, or both in turn, and keeps the history whole", async () => {
  await publish(await derive("v3"));
  await publish(await derive("v4"));
  const answers = await Promise.all([promote("v3"), promote("v4")]);
  const won = answers.filter(({ status }) => status === 200).length;
  expect(won).toBeGreaterThanOrEqual(1);
  const pointer = await (
    await env.BUCKET.get("models/next-item/current.json")
  )?.json<{
    version: string;
    history: string[];
  }>();
  expect([pointer?.version, ...(pointer?.history ?? [])]).toHaveLength(won);
});

it("keeps the registry for secret keys, and out of odd places", async () => {
  expect((await call("GET", "/v1/models", undefined, "pk_test")).status).toBe(403);
  expect((await call("PUT", "/v1/models/next-item/v9/a.bin", "x", "pk_test")).status).toBe(403);
  for (const path of ["next-item/../x.bin", "nothing/v9/a.bin", "next-item/v9/a%2Fb.bin"]) {
    expect((await call("PUT", `/v1/models/${path}`, "x")).status).toBeGreaterThanOrEqual(400);
  }
});
