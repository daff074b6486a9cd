// `npm run evaluate -- --task ranking` from a log to figures, and its sentences where it cannot.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod";
import type { NextItemData } from "../../../models/next-item/data/dataset.ts";
import { lastLineAsJson, runCommandLine } from "../../support/command.ts";
import { TINY } from "../next-item/tiny-shop.ts";
import { makeLog } from "../ranking/small-log.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-evaluate-ranking-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const EVENTS = ["view", "addtocart", "transaction"];

/** As RetailRocket's log cut into sessions; `known` leaves out events that a poorer log would not have. */
function writeLog(name: string, { sessions }: NextItemData, known = EVENTS): string {
  const rows = sessions.flatMap(({ items, types = [], times = [] }, session) =>
    items.map((item, at) => ({ time: times[at] ?? 0, item, type: types[at] ?? 0, session })),
  );
  const lines = rows
    .toSorted((a, b) => a.time - b.time)
    .filter(({ type }) => known.includes(EVENTS[type] ?? ""))
    .map(({ time, item, type, session }) =>
      [1.7e9 + time / 1000, `v${session}`, EVENTS[type], item, "", session].join(","),
    );
  const head = "timestamp,visitor_id,event,item_id,category_id,session_id";
  return write(name, [head, ...lines].join("\n"));
}

const log = writeLog("events.csv", makeLog({ sessions: 240, rich: true }));
const settings = {
  encoder: { ...TINY, epochs: 2 },
  ranking: { epochs: 2, hidden: [8], listLength: 15, warmupSteps: 2 },
};
const config = write("config.json", JSON.stringify(settings));

function evaluate(train: string, ...more: readonly string[]): Promise<string> {
  const args = ["--train", train, "--source", "retailrocket", "--threads", "1", ...more];
  if (!more.includes("--task")) args.push("--task", "ranking");
  if (!more.includes("--report")) args.push("--report", join(folder, "unwanted.html"));
  return runCommandLine("evaluate", args);
}

const Outcome = z.object({
  folds: z.literal(3),
  lists: z.number(),
  results: z.array(
    z.looseObject({
      model: z.string(),
      task: z.enum(["click", "cart", "purchase"]),
      base_rate: z.number(),
      auc: z.number(),
      auc_sd: z.number(),
      log_loss: z.number(),
      brier: z.number(),
      ece: z.number(),
      "ndcg@20": z.number().optional(),
    }),
  ),
});

it("judges three questions by cross-validation, and writes JSON and report", async () => {
  const report = join(folder, "deep", "report.html");
  const output = await evaluate(
    log,
    "--json",
    "--config",
    config,
    "--folds",
    "3",
    "--report",
    report,
  );
  const { results, lists } = Outcome.parse(lastLineAsJson(output));
  expect(lists).toBeGreaterThan(100);
  for (const task of ["click", "cart", "purchase"]) {
    const [ranker, ...rivals] = results.filter((row) => row.task === task);
    expect(ranker?.model).toBe("ranker");
    expect(rivals.map(({ model }) => model)).toEqual([
      "hstu",
      "vmis-knn",
      "co-visitation-recent",
      "base rate",
    ]);
    const guess = rivals.at(-1);
    // Nobody can be told apart by one number: half the pairs, and no order.
    expect(guess?.auc).toBeCloseTo(0.5, 9);
    expect(guess?.["ndcg@20"]).toBeUndefined();
    // Its loss is the entropy of the labels, but for what a rate differs from fold to fold.
    const rate = guess?.base_rate ?? 0;
    const entropy = -rate * Math.log(rate) - (1 - rate) * Math.log(1 - rate);
    expect(guess?.log_loss).toBeCloseTo(entropy, 2);
    expect(guess?.brier).toBeCloseTo(rate * (1 - rate), 2);
  }
  // The made-up shoppers cart and buy what they see again, and walk along a circle: both can be learned.
  const ranker = results.find(({ model, task }) => model === "ranker" && task === "click");
  expect(ranker?.auc).toBeGreaterThan(0.7);
  const html = readFileSync(report, "utf8");
  expect(html).toContain("Purchase: is it bought");
  expect(html).not.toMatch(/NaN|undefined|Infinity/);
  expect(output).toContain("of the next items were among the candidates");
}, 180_000);

describe("a sentence instead of figures", () => {
  it.each<[string, () => Promise<string>, string]>([
    [
      "a log of views",
      () => evaluate(writeLog("views.csv", makeLog({ rich: true }), ["view"])),
      "tells of neither carts nor purchases",
    ],
    [
      "too few sessions",
      () => evaluate(writeLog("few.csv", makeLog({ sessions: 8, rich: true }))),
      "which is too few for 5 folds",
    ],
    [
      "a log without events",
      () => evaluate(writeLog("none.csv", { sessions: [], items: 0 })),
      "no",
    ],
    ["no file", () => evaluate(join(folder, "nowhere.csv")), "There is no file at"],
    ["one fold", () => evaluate(log, "--folds", "1"), "Cross-validation needs 2 folds or more"],
    ["an option of the other task", () => evaluate(log, "--validate"), "has no --validate"],
    [
      "folds of the other task",
      () => evaluate(log, "--task", "next-item", "--validate", "--folds", "3"),
      "--task next-item has no --folds",
    ],
    ["no encoder", () => evaluate(log, "--no-encoder"), "name one by --encoder"],
    ["two encoders", () => evaluate(log, "--encoder", "gru,hstu"), "name one by --encoder"],
    [
      "the other task's settings",
      () => evaluate(log, "--config", write("flat.json", '{"dim": 8}')),
      'has to hold "encoder" and "ranking", and knows no "dim"',
    ],
    [
      "settings that are no JSON",
      () => evaluate(log, "--config", write("broken.json", "{")),
      "broken.json is no JSON",
    ],
  ])(
    "for %s",
    async (_, run, sentence) => {
      await expect(run()).rejects.toThrow(sentence);
    },
    60_000,
  );
});
