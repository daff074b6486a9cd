// Nothing of the future may show in a feature: a model that has seen it in training misses it when serving.
import { describe, expect, it } from "vitest";
import type { NextItemData } from "../../../models/next-item/data/dataset.ts";
import { completeRankingConfig } from "../../../models/ranking/config.ts";
import { replayByTime, replaySessions } from "../../../models/ranking/train/replay.ts";
import type { ReplayStep } from "../../../models/ranking/train/replay.ts";
import { buildTrainingSet } from "../../../models/ranking/train/training-set.ts";
import { CLICK_GAP, ITEMS, makeLog, makePipeline } from "./small-log.ts";

/** Full lists only: they are held back, so none is shortened by chance. */
const CONFIG = completeRankingConfig({ share: 0.3, validation: 0.99 });

type Replay = (data: NextItemData) => AsyncIterable<ReplayStep> | Iterable<ReplayStep>;

/** Features of each list, by the time of its session's last click and the items so far. */
async function readLists(data: NextItemData, replay: Replay): Promise<Map<string, Float32Array>> {
  const keys: string[] = [];
  async function* noted(): AsyncGenerator<ReplayStep> {
    for await (const step of replay(data)) {
      if (step.kind === "moment" && step.moment.held) {
        keys.push(JSON.stringify([step.moment.session.times?.at(-1), step.moment.session.items]));
      }
      yield step;
    }
  }
  const { held } = await buildTrainingSet(makePipeline(), noted(), CONFIG);
  return new Map(held.map(({ features }, index) => [keys[index] ?? "", features]));
}

/** The same log with other items. */
function rewrite(data: NextItemData, change: (item: number, time: number) => number): NextItemData {
  const sessions = data.sessions.map(({ items, types, times = [] }) => {
    return { items: items.map((item, at) => change(item, times[at] ?? 0)), types, times };
  });
  return { items: data.items, types: data.types, sessions };
}

describe("lists of a log with times", () => {
  const replay: Replay = (data) => replayByTime(data, CONFIG);

  it("does not depend on what comes after", async () => {
    const data = makeLog({ rich: true });
    const lists = await readLists(data, replay);
    const middle = data.sessions[170]?.times?.[0] ?? 0;
    // From the middle of the last part on every click is on another item.
    const changed = rewrite(data, (item, time) => (time < middle ? item : (item + 13) % ITEMS));
    const others = await readLists(changed, replay);
    const before = [...lists].filter(([key]) => Number(JSON.parse(key)[0]) + CLICK_GAP <= middle);
    expect(before.length).toBeGreaterThan(20);
    for (const [key, features] of before) expect(others.get(key)).toEqual(features);
  });

  it("does depend on what came before", async () => {
    const data = makeLog({ rich: true });
    const lists = await readLists(data, replay);
    const early = data.sessions[50]?.times?.[0] ?? 0;
    const poorer = rewrite(data, (item, time) => (time < early ? 0 : item));
    const others = await readLists(poorer, replay);
    const same = [...lists].filter(([key, features]) => {
      const other = others.get(key);
      return other?.length === features.length && other.every((x, at) => x === features[at]);
    });
    expect(same).toHaveLength(0);
  });
});

describe("lists of a session file", () => {
  const replay: Replay = (data) => replaySessions(data, CONFIG);

  it("does not depend on other sessions of the last part", async () => {
    const data = makeLog();
    const lists = await readLists(data, replay);
    const cut = {
      ...data,
      sessions: [...data.sessions.slice(0, 180), ...makeLog({ sessions: 20, seed: 77 }).sessions],
    };
    const others = await readLists(cut, replay);
    const both = [...lists].filter(([key]) => others.has(key));
    expect(both.length).toBeGreaterThan(50);
    for (const [key, features] of both) expect(others.get(key)).toEqual(features);
  });
});
