// A version is opened only where it answers in time, by whichever clock there is.
import { expect, it } from "vitest";
import { Graph } from "../../../models/graph/graph.ts";
import { encodeModel } from "../../../models/graph/onnx.ts";
import { expandTo } from "../../../models/graph/ops/broadcast.ts";
import { sum } from "../../../models/graph/ops/reduce.ts";
import { cast } from "../../../models/graph/ops/select.ts";
import { nextItemSchema } from "../../../models/next-item/serve/model-folder.ts";
import { openNextItem, SLOWEST_ANSWER } from "../../../models/next-item/serve/open-next-item.ts";
import type { Pace } from "../../../models/registry/pace.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";

const VOCABULARY = ["a", "b", "c"];
const LENGTH = 4;

async function open(pace: Pace, config: Record<string, unknown> = { length: LENGTH }) {
  const graph = new Graph();
  const items = graph.input("items", [1, "length"], "int64");
  const total = sum(cast(items, "float32"), [1], true);
  graph.output("scores", expandTo(total, [1, VOCABULARY.length]));
  graph.output("total", total);
  const files = {
    "model.onnx": encodeModel(graph),
    "vocabulary.json": new TextEncoder().encode(JSON.stringify(VOCABULARY)),
  };
  const manifest = {
    task: "next-item" as const,
    version: "v1",
    created_at: "",
    data: { source: "", from: null, to: null, events: 0 },
    feature_schema: await nextItemSchema(),
    inputs: [{ name: "items", type: "int64", shape: [1, "length"] }],
    outputs: [],
    vocabulary: "vocabulary.json",
    metrics: {},
    parent: null,
    files: {},
    config,
    seed: 0,
  };
  const opened = await openNextItem(
    createNodeRuntime(),
    (id) => VOCABULARY.indexOf(id),
    pace,
  )({ manifest, files });
  if (opened.ok) await opened.value.release();
  return opened;
}

/** A clock that shows at each look another time, `step` ms later; and how often it was looked at. */
function tick(step: number): Pace & { looks: () => number } {
  let looks = 0;
  return {
    yieldToRequests: () => Promise.resolve(),
    clock: () => step * looks++,
    looks: () => looks,
  };
}

it.each<Record<string, unknown>>([{}, { length: 0 }, { length: 1e9 }])(
  "refuses a model that reads sessions of no length: %j",
  async (config) => {
    const opened = await open(tick(1), config);
    expect(opened).toMatchObject({ ok: false, reason: expect.stringMatching(/no length/) });
  },
);

it("refuses a model that takes too long, after some runs", async () => {
  const slow = tick(SLOWEST_ANSWER + 1);
  const opened = await open(slow);
  expect(opened).toMatchObject({ ok: false, reason: expect.stringMatching(/longer than 500 ms/) });
  expect(slow.looks()).toBeGreaterThan(2);
  expect(await open(tick(SLOWEST_ANSWER))).toMatchObject({ ok: true });
});

it("takes the time of a run by the wait after it where the clock stands still meanwhile", async () => {
  const stands = (wait: number): Pace => {
    let now = 0;
    return {
      clock: () => now,
      async yieldToRequests() {
        now += wait;
      },
    };
  };
  expect(await open(stands(SLOWEST_ANSWER + 1))).toMatchObject({ ok: false });
  expect(await open(stands(1))).toMatchObject({ ok: true });
});

it("does not hold one slow run against a model: others may have had their turn in it", async () => {
  // When each run began and ended: the first for the short session, again for that, and for the long one.
  const times = [0, 9999, 10_000, 10_001, 20_000, 20_001];
  let looks = 0;
  const clock = () => times[looks++] ?? Number.NaN;
  expect(await open({ yieldToRequests: () => Promise.resolve(), clock })).toMatchObject({
    ok: true,
  });
  expect(looks).toBe(times.length);
});
