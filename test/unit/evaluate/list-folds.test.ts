// Folds of lists: what a fold's models may learn from, and what they are judged by.
import { beforeAll, expect, it } from "vitest";
import { completeRankingConfig } from "../../../models/ranking/config.ts";
import { replayByTime } from "../../../models/ranking/train/replay.ts";
import { buildTrainingSet, labelsOf } from "../../../models/ranking/train/training-set.ts";
import type { RankedList, TrainingSet } from "../../../models/ranking/train/training-set.ts";
import { askableTasks, foldLists } from "../../../src/lab/evaluate/ranking/folds.ts";
import { chooseJudged } from "../../../src/lab/evaluate/ranking/lists.ts";
import { makeLog, makePipeline } from "../ranking/small-log.ts";

const CONFIG = completeRankingConfig({ share: 0.4, listLength: 12, validation: 0.2 });
const LOG = makeLog({ sessions: 150, rich: true });
const FOLDS = 3;

let set: TrainingSet;
beforeAll(async () => {
  const targets = chooseJudged({ data: LOG, source: "made up" }, CONFIG, FOLDS);
  const replay = replayByTime(LOG, CONFIG, undefined, targets);
  set = await buildTrainingSet(makePipeline(), replay, CONFIG);
}, 60_000);

function groupsOf(lists: readonly RankedList[]): Set<number> {
  return new Set(lists.map(({ group }) => group));
}

it("judges every list once, and learns nothing from the sessions that it judges", () => {
  const folds = foldLists(set, FOLDS, CONFIG);
  expect(folds.flatMap(({ judged }) => judged)).toHaveLength(set.held.length);
  expect(new Set(folds.flatMap(({ judged }) => judged)).size).toBe(set.held.length);
  for (const { learn, known, judged } of folds) {
    const seen = groupsOf([...learn.train, ...learn.held, ...known]);
    expect([...groupsOf(judged)].filter((group) => seen.has(group))).toEqual([]);
    expect(known.length + judged.length).toBe(set.held.length);
  }
});

it("stops by later sessions than it learns from, as every training does", () => {
  for (const { learn } of foldLists(set, FOLDS, CONFIG)) {
    expect(learn.held.length).toBeGreaterThan(0);
    const from = Math.min(...groupsOf(learn.held));
    expect(Math.max(...groupsOf(learn.train))).toBeLessThan(from);
  }
});

it("deals out the sessions with purchases evenly", () => {
  const counts = foldLists(set, FOLDS, CONFIG).map(({ judged }) => {
    return groupsOf(judged.filter((list) => labelsOf(list, "purchase").includes(1))).size;
  });
  expect(Math.min(...counts)).toBeGreaterThan(0);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
});

it("asks only what every fold can answer", () => {
  expect(askableTasks(set.held, FOLDS)).toEqual(["click", "cart", "purchase"]);
  const bought = set.held.filter((list) => labelsOf(list, "purchase").includes(1));
  const few = set.held.filter((list) => !groupsOf(bought.slice(1)).has(list.group));
  expect(askableTasks(few, FOLDS)).not.toContain("purchase");
});

it("learns also from lists that are too many to judge, but not of judged sessions", () => {
  const more = { ...set, train: set.held.filter(({ clicked }) => clicked >= 0) };
  for (const { learn, judged } of foldLists(more, FOLDS, CONFIG)) {
    const seen = groupsOf(learn.train);
    expect([...groupsOf(judged)].filter((group) => seen.has(group))).toEqual([]);
    expect(learn.train.length).toBeGreaterThan(groupsOf(learn.train).size);
  }
});
