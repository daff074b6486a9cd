// The loop against the production bundle in workerd, by HTTP alone: events, export, training, gate, new version.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { completeConfig } from "../../../models/next-item/config.ts";
import { completeRankingConfig } from "../../../models/ranking/config.ts";
import { isServing } from "../../../src/learn/champion.ts";
import { readExports } from "../../../src/learn/read-exports.ts";
import { runRound, type RoundOptions, type Versions } from "../../../src/learn/round.ts";
import type { PairConfig } from "../../../src/learn/train-pair.ts";
import { syncExports } from "../../../src/learn/fetch/sync-exports.ts";
import { openTestWorker } from "../../support/bench-worker.ts";
import { pollUntil } from "../../support/poll.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 10);
const WAIT_MS = 120_000;
const SESSIONS = 150;
const CLICKS = 6;
const ITEMS = 10;
/** Small enough for seconds. */
const CONFIG: PairConfig = {
  encoder: completeConfig({
    dim: 16,
    epochs: 4,
    batch: 8,
    length: 10,
    uniformNegatives: 32,
    batchNegatives: 32,
    warmupSteps: 10,
  }),
  ranking: completeRankingConfig({ epochs: 4, lists: 400 }),
};
/** Learns too little to be the last word: better than no model, and worse than what learns properly. */
const HASTY: PairConfig = {
  ...CONFIG,
  ranking: completeRankingConfig({ epochs: 1, lists: 400, learningRate: 1.2e-3 }),
};

const { client, folder } = await openTestWorker();
const told: string[] = [];
let logged = 0;

const options: RoundOptions = {
  folder: join(folder, "exports"),
  reports: join(folder, "reports"),
  config: CONFIG,
  threads: 1,
  force: false,
  log: (line) => told.push(line),
};

/** Everybody walks the same ring of items, each from another place and every other one in longer steps: a count is not sure. */
function makeDay(day: number) {
  return Array.from({ length: SESSIONS * CLICKS }, (_, index) => {
    const [session, click] = [Math.floor(index / CLICKS), index % CLICKS];
    return {
      event_id: `d${day}-${index}`,
      name: "view_item",
      timestamp: START + day * DAY + session * 60_000 + click * 1000,
      anonymous_id: `visitor ${day} ${session}`,
      items: [
        { item_id: `ring-${(session + click * (session % 2 === 0 ? 1 : 3)) % ITEMS}`, price: 10 },
      ],
    };
  });
}

async function send(events: readonly object[]): Promise<void> {
  for (let from = 0; from < events.length; from += 100) {
    const body = JSON.stringify({ events: events.slice(from, from + 100) });
    expect((await client.api.send("POST", "/v1/events", body)).status).toBe(202);
  }
  logged += events.length;
  await pollUntil("the log has all rows", WAIT_MS, async () => {
    const { body } = await client.api.send("GET", "/v1/stats");
    return Object(body).event_rows === logged ? true : null;
  });
}

async function runJobs(...names: string[]): Promise<void> {
  for (const name of names) {
    const { body } = await client.api.send("POST", `/v1/jobs/${name}/run`);
    expect(body).toMatchObject({ status: "done" });
  }
}

const endNight = () => runJobs("export-events", "verify-exports", "request-retraining");

describe("retraining", () => {
  let first: Versions = { nextItem: "", ranking: "" };

  it("has nothing to do before the first export", async () => {
    expect(await runRound(client, options)).toMatchObject({ kind: "nothing" });
    expect(await client.readSignal()).toBe(0);
  });

  it("publishes a first pair that beats what answers without models, and the Worker serves it", async () => {
    await send([...makeDay(0), ...makeDay(1)]);
    await endNight();
    expect(await client.readSignal()).toBeGreaterThan(0);
    const result = await runRound(client, { ...options, config: HASTY });
    if (result.kind !== "published")
      throw new Error(
        told.filter((line) => line.startsWith("FAILED")).join() + JSON.stringify(result),
      );
    first = result.versions;
    expect(readFileSync(result.card, "utf8")).toContain("<h2>Gate</h2>");
    await pollUntil("the Worker serves it", WAIT_MS, async () =>
      (await isServing(client, first)) ? true : null,
    );
    for (const [task, version] of [
      ["next-item", first.nextItem],
      ["ranking", first.ranking],
    ] as const) {
      const card = await client.download(`/v1/models/${task}/${version}/card.html`);
      expect(new TextDecoder().decode(card)).toContain(version.slice(0, 8));
    }
  });

  it("does nothing while nothing is new, and keeps back what is no better", async () => {
    expect(await runRound(client, options)).toMatchObject({ kind: "nothing" });
    const still = { epochs: 1, learningRate: 1e-9 };
    const config = {
      encoder: { ...CONFIG.encoder, ...still, rowLearningRate: 1e-9 },
      ranking: { ...CONFIG.ranking, ...still },
    };
    const result = await runRound(client, { ...options, config, force: true });
    expect(result.kind).toBe("kept-back");
    if (result.kind !== "kept-back") return;
    expect(result.checks.find(({ name }) => name === "better")?.passed).toBe(false);
    expect((await client.readModel("next-item")).current).toBe(first.nextItem);
    expect((await client.readModel("ranking")).current).toBe(first.ranking);
  });

  it("replaces the pair by one that has learned better, from parent to child", async () => {
    await send([...makeDay(2), ...makeDay(3)]);
    await endNight();
    const result = await runRound(client, options);
    if (result.kind !== "published")
      throw new Error(
        told.filter((line) => line.startsWith("FAILED")).join() + JSON.stringify(result),
      );
    const { body } = await client.api.send("GET", "/v1/models");
    for (const [task, part] of [
      ["next-item", "nextItem"],
      ["ranking", "ranking"],
    ] as const) {
      const listed = Object(body)
        .models.find((model: { task: string }) => model.task === task)
        .versions.find((one: { version: string }) => one.version === result.versions[part]);
      expect(listed).toMatchObject({
        parent: first[part],
        metrics: { "mrr@20": expect.any(Number) },
        data: { source: expect.stringContaining("export of 2026-01-10 to 2026-01-13") },
      });
    }
    const decisions = readFileSync(join(options.reports, "decisions.ndjson"), "utf8").trim();
    const published = decisions.split("\n").map((line) => JSON.parse(line).published);
    expect(published).toEqual([true, false, true]);
  });

  it("learns nothing more from a shopper who was erased", async () => {
    const read = async () => {
      const { parts, minorUnits } = await syncExports(client, options.folder);
      const paths = parts.map(({ path }) => path);
      const { data } = await readExports(paths, { catalogue: [], minorUnits, most: 0 });
      return data.sessions.length;
    };
    const before = await read();
    await client.api.send("DELETE", "/v1/shoppers/visitor%200%200?id_type=anonymous");
    await runJobs("erase-exports");
    expect(await read()).toBe(before - 1);
  });
});
