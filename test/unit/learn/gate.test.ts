// What the gate lets pass, how time splits the data, and that watching runs one round a signal.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Summary } from "../../../models/evaluate/summary.ts";
import { MAX_MODEL_BYTES } from "../../../models/registry/verify.ts";
import { readDays } from "../../../src/lab/loop/days.ts";
import type { ShopLog } from "../../../src/lab/open-log.ts";
import { decide, type Evidence } from "../../../src/learn/gate.ts";
import { splitByTime } from "../../../src/learn/split-by-time.ts";
import { watch } from "../../../src/learn/watch.ts";

const DAY = 86_400_000;

function summary(name: string, change: Partial<{ coverage: number; hr: number }> = {}): Summary {
  const { coverage = 50, hr = 30 } = change;
  return {
    name,
    figures: new Map(),
    exposure: { coverage, popularityBias: 1 },
    slices: { hr: [{ label: "1", examples: 500, value: hr }], mrr: [] },
    msPerExample: 1,
  };
}

function evidence(change: Partial<Evidence> = {}): Evidence {
  return {
    examples: 1000,
    challenger: summary("new"),
    champion: summary("old"),
    comparison: { difference: 2, interval: { low: 0.5, high: 3.5 }, p: 0.01 },
    hitRate: { difference: 0.2, interval: { low: -0.9, high: 1.3 }, p: 0.7 },
    schemaError: null,
    bytes: 1e6,
    ms: 1,
    ...change,
  };
}

function listFailed(change: Partial<Evidence>): string[] {
  const { publish, checks } = decide(evidence(change));
  const failed = checks.filter(({ passed }) => !passed).map(({ name }) => name);
  expect(publish).toBe(failed.length === 0);
  return failed;
}

describe("the gate", () => {
  it("opens for what is better, and for nothing that is not for sure", () => {
    expect(listFailed({})).toEqual([]);
    const unsure = { difference: 2, interval: { low: -0.1, high: 4 }, p: 0.06 };
    expect(listFailed({ comparison: unsure })).toEqual(["better"]);
    const unknown = { difference: Number.NaN, interval: { low: Number.NaN, high: 0 }, p: 1 };
    expect(listFailed({ comparison: unknown })).toEqual(["better"]);
    expect(listFailed({ examples: 199 })).toEqual(["examples"]);
  });

  it("stays shut for lists that sort better but may find a point less", () => {
    const lost = { difference: -0.3, interval: { low: -1.1, high: 0.5 }, p: 0.4 };
    expect(listFailed({ hitRate: lost })).toEqual(["hit rate"]);
    const unknown = { difference: Number.NaN, interval: { low: Number.NaN, high: 0 }, p: 1 };
    expect(listFailed({ hitRate: unknown })).toEqual(["hit rate"]);
  });

  it("stays shut for a model that is too large, too slow or wrongly made", () => {
    expect(listFailed({ bytes: MAX_MODEL_BYTES + 1 })).toEqual(["size"]);
    expect(listFailed({ ms: 21 })).toEqual(["latency"]);
    expect(listFailed({ schemaError: "It reads other features." })).toEqual(["schema"]);
  });

  it("stays shut where the catalogue or some shoppers are forgotten", () => {
    expect(listFailed({ challenger: summary("new", { coverage: 34 }) })).toEqual(["coverage"]);
    expect(listFailed({ challenger: summary("new", { hr: 26 }) })).toEqual(["slices"]);
    expect(listFailed({ challenger: summary("new", { coverage: 36, hr: 28 }) })).toEqual([]);
  });
});

describe("the split", () => {
  const sessions = fc
    .array(fc.tuple(fc.nat({ max: 10 * 24 * 60 }), fc.integer({ min: 2, max: 5 })), {
      minLength: 2,
      maxLength: 80,
    })
    .map((list) =>
      list.map(([minute, clicks]) => ({
        items: Array.from({ length: clicks }, (_, i) => i),
        times: Array.from({ length: clicks }, (_, i) => minute * 60_000 + i * 1000),
      })),
    );

  it("lets nobody learn from what happens after the first event that judges", () => {
    fc.assert(
      fc.property(sessions, fc.option(fc.nat({ max: 10 * DAY })), (all, seen) => {
        const data = { sessions: all, items: 5 };
        const { train, clicks, cut } = splitByTime(data, seen);
        for (const { times } of train.sessions) expect(times?.at(-1)).toBeLessThan(cut);
        expect(all.some(({ times }) => (times.at(-1) ?? 0) >= cut)).toBe(true);
        const learned = train.sessions.flatMap(({ items }) => items);
        expect([...clicks]).toEqual(
          [0, 1, 2, 3, 4].map((i) => learned.filter((x) => x === i).length),
        );
      }),
    );
  });

  it("leaves the challenger a half of what the serving model has not seen", () => {
    const one = (day: number, minute: number) => ({
      items: [0, 1],
      times: [day * DAY + minute * 60_000, day * DAY + minute * 60_000 + 1],
    });
    const minutes = Array.from({ length: 100 }, (_, minute) => minute);
    const data = {
      sessions: [0, 1, 2, 3, 4].flatMap((day) => minutes.map((minute) => one(day, minute))),
      items: 2,
    };
    expect(splitByTime(data, 3 * DAY + 99 * 60_000 + 1).cut).toBe(4 * DAY + 50 * 60_000);
    // Where nothing serves, and where nothing is new, by a share of everything.
    expect(splitByTime(data, null).cut).toBe(3 * DAY + 50 * 60_000);
    expect(splitByTime(data, 9 * DAY).cut).toBe(3 * DAY + 50 * 60_000);
  });
});

describe("watching", () => {
  it("runs one round a signal, tries a failed one again, and ends when told", async () => {
    const stop = new AbortController();
    const signals = [0, 0, 7, 7, 7];
    const told: string[] = [];
    let rounds = 0;
    const round = async () => {
      rounds += 1;
      if (rounds === 2) throw new Error("the line is down");
    };
    const readSignal = async () => {
      const next = signals.shift();
      if (signals.length === 0) stop.abort();
      return next ?? 7;
    };
    await watch({ readSignal }, round, {
      every: 1,
      signal: stop.signal,
      log: (line) => told.push(line),
    });
    expect(rounds).toBe(3);
    expect(told).toEqual(["the line is down"]);
  });
});

it("days of a log hold whole visitors, whatever share is asked for", async () => {
  const events = Array.from({ length: 300 }, (_, i) => ({
    event_id: `${i}`,
    name: "view_item" as const,
    timestamp: i * (DAY / 100),
    anonymous_id: `v${i % 20}`,
  }));
  const log: ShopLog = {
    name: "made",
    async *events() {
      for (const event of events) yield event;
    },
    catalogue: () => Promise.resolve([]),
    skipped: () => ({}),
    lost: () => 0,
  };
  const all = await readDays(log, 1, Infinity);
  expect(all.map((day) => [day.dt, day.events.length])).toEqual([
    ["1970-01-01", 100],
    ["1970-01-02", 100],
    ["1970-01-03", 100],
  ]);
  const some = (await readDays(log, 0.5, 2)).map(
    (day) => new Set(day.events.map((e) => e.anonymous_id)),
  );
  expect(some).toHaveLength(2);
  expect(some[0]).toEqual(some[1]);
  expect(some[0]?.size).toBeLessThan(20);
});
