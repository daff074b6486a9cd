// Versions that will not do, of every kind: none is promoted, and none serves where somebody sets the pointer to it.
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { Graph } from "../../models/graph/graph.ts";
import { encodeModel } from "../../models/graph/onnx.ts";
import { neg } from "../../models/graph/ops/arithmetic.ts";
import { expandTo } from "../../models/graph/ops/broadcast.ts";
import { sqrt } from "../../models/graph/ops/elementwise.ts";
import { sum } from "../../models/graph/ops/reduce.ts";
import { cast } from "../../models/graph/ops/select.ts";
import { FILES } from "../../models/next-item/serve/model-folder.ts";
import { MAX_MODEL_BYTES } from "../../models/registry/verify.ts";
import {
  deriveFrom,
  forcePointer,
  NEXT_LOOK,
  promote,
  publish,
  publishPair,
  readHere,
  renamePair,
  send,
  trainPair,
} from "./support/registry.ts";
import type { Folder, Pair } from "./support/registry.ts";
import { ask, letPass, makeEvent, openShop, putItems, sendAll } from "./support/shop.ts";

const VOCABULARY = Array.from({ length: 24 }, (_, i) => `item-${i}`);
const ASK = "/v1/recommendations?anonymous_id=a&limit=5";
/** Steps that the model reads. */

let good: Pair;
/** What each version is refused for. */
let broken: [Folder, RegExp][];

/** Answers sessions of the first item alone, and of others gives the square root of a negative number. */
function buildNaN(): Uint8Array {
  const graph = new Graph();
  const items = graph.input("items", [1, "length"], "int64");
  const total = sum(cast(items, "float32"), [1], true);
  graph.output("scores", expandTo(sqrt(neg(total)), [1, VOCABULARY.length]));
  graph.output("total", total);
  return encodeModel(graph);
}

/** Gives scores, but not what makes them comparable to those of new items. */
function buildWithoutTotal(): Uint8Array {
  const graph = new Graph();
  const items = graph.input("items", [1, "length"], "int64");
  const first = sum(cast(items, "float32"), [1], true);
  graph.output("scores", expandTo(first, [1, VOCABULARY.length]));
  return encodeModel(graph);
}

/** What is read beside the graph. */
async function listStrangeTables(folder: Folder): Promise<[Folder, RegExp][]> {
  const derive = (version: string, file: string, bytes: Uint8Array) =>
    deriveFrom(folder, version, { [file]: bytes });
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const vectors = folder.files[FILES.vectors] ?? new Uint8Array();
  const filled = (value: number) =>
    new Uint8Array(new Float16Array(vectors.length / 2).fill(value).buffer);
  const { config } = folder.manifest;
  return [
    [await derive("vec-nan", FILES.vectors, filled(Number.NaN)), /vectors that are no numbers/],
    [await derive("vec-inf", FILES.vectors, filled(Infinity)), /vectors that are no numbers/],
    [await derive("vec-long", FILES.vectors, filled(7)), /longer than unit vectors/],
    [await derive("vec-zero", FILES.vectors, filled(0)), /zeros only/],
    [await derive("vec-odd", FILES.vectors, vectors.slice(1)), /not one for each of 24 items/],
    [await derive("voc-one", FILES.vocabulary, text(VOCABULARY.map(() => "item-0"))), /twice/],
    [await derive("voc-empty", FILES.vocabulary, text(["", ...VOCABULARY.slice(1)])), /is empty/],
    [await deriveFrom(folder, "scale-0", {}, { config: { ...config, scale: 0 } }), /a scale/],
    [await deriveFrom(folder, "scale-big", {}, { config: { ...config, scale: 1e9 } }), /a scale/],
    [await derive("content", FILES.content, text({ dim: 16, fields: [] })), /content rows/],
  ];
}

async function listBroken(): Promise<[Folder, RegExp][]> {
  const { nextItem, ranking } = good;
  const graph = nextItem.files[FILES.graph] ?? new Uint8Array();
  const corrupted = graph.slice();
  corrupted[graph.length >> 1] = (graph[graph.length >> 1] ?? 0) ^ 1;
  const huge = { ...nextItem.manifest.files };
  huge["more.bin"] = { sha256: "0".repeat(64), bytes: MAX_MODEL_BYTES };
  const other = { schema: "0".repeat(64), rest: ranking.manifest.config };
  const means = { ...other.rest, feature_means: [1, 2, 3] };
  return [
    [
      await deriveFrom(nextItem, "bits", { [FILES.graph]: corrupted }, { honest: false }),
      /is not the one that was published/,
    ],
    [
      await deriveFrom(nextItem, "short", { [FILES.graph]: graph.slice(9) }, { honest: false }),
      /has \d+ bytes, and its manifest says/,
    ],
    [await deriveFrom(nextItem, "cut", { [FILES.graph]: graph.slice(0, 2000) }), /does not run/],
    [
      await deriveFrom(nextItem, "schema", {}, { feature_schema: other.schema }),
      /reads other features/,
    ],
    [await deriveFrom(nextItem, "nan", { [FILES.graph]: buildNaN() }), /no numbers/],
    [
      await deriveFrom(nextItem, "no-total", { [FILES.graph]: buildWithoutTotal() }),
      /no float32 outputs `scores` and `total`/,
    ],
    ...(await listStrangeTables(nextItem)),
    [await deriveFrom(nextItem, "huge", {}, { files: huge }), /a Worker can hold 40000000/],
    [
      await deriveFrom(ranking, "rank-schema", {}, { feature_schema: other.schema }),
      /reads other features/,
    ],
    [await deriveFrom(ranking, "rank-means", {}, { config: means }), /other numbers of features/],
    [
      await deriveFrom(ranking, "rank-graph", { "model.onnx": buildNaN() }),
      /does not run|no numbers/,
    ],
  ];
}

beforeAll(async () => {
  await openShop();
  vi.useFakeTimers({ toFake: ["Date"] });
  await putItems(VOCABULARY.map((item_id) => ({ item_id, category: "all", price: 10 })));
  await sendAll(["item-3", "item-4"].map((id) => makeEvent("view_item", "a", [id])));
  good = renamePair(await trainPair(VOCABULARY), "1");
  await publishPair(good);
  await promote(good.nextItem);
  await promote(good.ranking);
  letPass(NEXT_LOOK);
  broken = await listBroken();
  for (const [folder] of broken) await publish(folder);
}, 120_000);

afterAll(() => vi.useRealTimers());

async function expectGood(): Promise<void> {
  expect(await ask(ASK)).toMatchObject({
    model_version: "next-1",
    ranking_version: "rank-1",
    degraded: [],
  });
}

it("promotes none of them, and says why in a sentence", async () => {
  await vi.waitFor(expectGood, { timeout: 20_000 });
  for (const [{ manifest }, reason] of broken) {
    const { task, version } = manifest;
    const answer = await send("POST", `/v1/models/${task}/promote`, { version });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toMatch(reason);
    await expectGood();
  }
}, 60_000);

it("promotes no model of another shop's items, and no ranking model beside another encoder", async () => {
  const elsewhere = VOCABULARY.map((id) => `elsewhere-${id}`);
  const vocabulary = new TextEncoder().encode(JSON.stringify(elsewhere));
  const stranger = await deriveFrom(good.nextItem, "stranger", { [FILES.vocabulary]: vocabulary });
  await publish(stranger);
  const refused = await send("POST", "/v1/models/next-item/promote", { version: "stranger" });
  expect([refused.status, await refused.text()]).toEqual([
    422,
    expect.stringContaining("of which the shop sells 0"),
  ]);
  const config = { ...good.ranking.manifest.config, next_item_versions: ["next-of-before"] };
  await publish(await deriveFrom(good.ranking, "misplaced", {}, { config }));
  const misplaced = await send("POST", "/v1/models/ranking/promote", { version: "misplaced" });
  expect([misplaced.status, await misplaced.text()]).toEqual([
    422,
    expect.stringContaining("next-of-before"),
  ]);
});

it("serves none of them where the pointer leads there all the same", async () => {
  for (const [{ manifest }, reason] of broken) {
    const { task, version } = manifest;
    await forcePointer(task, version, ["next-1", "rank-1"]);
    letPass(NEXT_LOOK);
    await vi.waitFor(
      async () => {
        const { refused } = await readHere(task);
        expect(refused[0]).toMatchObject({ version, reason: expect.stringMatching(reason) });
      },
      { timeout: 20_000 },
    );
    await expectGood();
  }
}, 60_000);
