// `node test/bench/swap.ts`: lists are asked for at a steady rate while versions are promoted, rolled back, tried beside
// what serves, and broken ones are promoted. Nothing may fail; the table has latencies with and without a swap side by side.
import { setTimeout as pause } from "node:timers/promises";
import { Command } from "commander";
import { connect, expectStatus } from "../../src/client/api.ts";
import type { Api } from "../../src/client/api.ts";
import { runCommand, wholeNumber } from "../../src/cli/command-line.ts";
import { publishFiles, publishModels } from "../../src/cli/start/publish-model.ts";
import type { Published } from "../../src/cli/start/publish-model.ts";
import { pollUntil } from "../support/poll.ts";
import { buildBundle } from "./bundle.ts";
import { makeKinds } from "./cases.ts";
import { fillShop } from "./fill.ts";
import { openClient } from "./http-client.ts";
import { measure, quantile } from "./measure.ts";
import { KEYS, openBenchWorker } from "./miniflare-worker.ts";
import { makeModels } from "./shop/random-models.ts";
import { makeShop } from "./shop/random-shop.ts";
import { writePair } from "./shop/write-pair.ts";
import { startSteadyLoad } from "./steady-load.ts";
import type { Answered } from "./steady-load.ts";

/** Of the next-item model. */
const WIDTH = 64;
const WAIT_MS = 60_000;
/** An isolate looks at the pointers every 15 s; opening and learning take some more. */
const FOLLOW_MS = 60_000;
/** A phase goes on for so long after its version has answered: what is swapped out is still there then. */
const AFTER_MS = 3_000;
/** V8 optimises the models' WASM only after some hundred runs. */
const WARM_UP_MS = 8_000;
const SELDOM_MS = 2_000;
/** Quiet load before, between and after the swaps. */
const STEADY_MS = 15_000;

type Options = { rate: number; items: number; events: number };

/** Waits until the load is answered by this ranking model; it asks nothing itself, which would be load too. */
async function follow(load: { since(from: number): Answered[] }, version: string): Promise<void> {
  const from = performance.now();
  await pollUntil(`answers by ${version}`, FOLLOW_MS, () =>
    load.since(from).some((answer) => answer.version === version) ? true : null,
  );
  await pause(AFTER_MS);
}

/** Asks as seldom as an operator would. */
async function askUntil(api: Api, path: string, isSo: (body: unknown) => boolean): Promise<void> {
  await pollUntil(`GET ${path} as expected`, FOLLOW_MS, async () => {
    await pause(SELDOM_MS);
    return isSo((await api.send("GET", path)).body) ? true : null;
  });
}

async function post(api: Api, path: string, body: object, status = 200): Promise<void> {
  const answer = await api.send("POST", path, JSON.stringify(body));
  expectStatus(answer, status, `POST ${path}`);
}

const promoteAll = async (api: Api, published: readonly Published[], status = 200) => {
  for (const { task, version } of published) {
    await post(api, `/v1/models/${task}/promote`, { version }, status);
  }
};

function printRow(name: string, answers: readonly Answered[]): string {
  const sorted = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const failed = answers.filter(({ status }) => status !== 200).length;
  const poor = answers.filter(({ isWhole }) => !isWhole).length;
  const cells = [
    name,
    answers.length,
    failed,
    poor,
    ...[0.5, 0.9, 0.99, 1].map((q) => quantile(sorted, q).toFixed(1)),
  ];
  return `| ${cells.join(" | ")} |`;
}

async function run({ rate, items, events: history }: Options): Promise<number> {
  const shop = makeShop(items, history, Date.now());
  const pair = await makeModels(shop.items, { dim: WIDTH, form: "int8" }, Date.now());
  await buildBundle();
  const worker = await openBenchWorker();
  try {
    const api = connect({ url: worker.url, key: KEYS.secret, waitMs: WAIT_MS });
    await fillShop(api, shop);
    const first = await publishModels(api, await writePair(pair, "1"));
    const second = await publishFiles(api, await writePair(pair, "2"));
    await publishFiles(api, await writePair(pair, "broken", true));

    const client = openClient(worker.url, KEYS.publishable, 64);
    const { home, others } = makeKinds(shop, "swap");
    const kinds = [home, ...others.slice(0, 3)];
    for (const kind of kinds) {
      await measure({ ...kind, inFlight: 4, client, cpuMs: () => worker.cpuMs() }, WARM_UP_MS);
    }
    const load = startSteadyLoad(
      client,
      kinds.map(({ make }) => make),
      rate,
    );
    await follow(load, "rank-1");
    const rows: string[] = [];
    const phase = async (name: string, work: () => Promise<unknown>) => {
      const from = performance.now();
      await work();
      const row = printRow(name, load.since(from));
      console.error(row);
      rows.push(row);
    };
    const steady = (name: string) => phase(name, () => pause(STEADY_MS));
    await pause(STEADY_MS);
    await steady("nothing happens");
    await phase("a pair is promoted", async () => {
      await promoteAll(api, second);
      await follow(load, "rank-2");
    });
    await steady("nothing happens");
    await phase("and rolled back", async () => {
      for (const { task } of first.toReversed()) await post(api, `/v1/models/${task}/rollback`, {});
      await follow(load, "rank-1");
    });
    await steady("nothing happens");
    await phase("a broken version is promoted, and refused", async () => {
      await promoteAll(api, [{ task: "next-item", version: "next-broken" }], 422);
      await pause(AFTER_MS);
    });
    await phase("the pointer is set to it all the same", async () => {
      await worker.setPointer("next-item", { version: "next-broken", history: ["next-1"] });
      const refusal = '"refused":[{"version":"next-broken"';
      await askUntil(api, "/v1/models", (body) => JSON.stringify(body).includes(refusal));
      await pause(AFTER_MS);
      await worker.setPointer("next-item", { version: "next-1", history: [] });
    });
    await phase("a pair is tried in the shadow of every list", async () => {
      const variants = [
        { name: "serving" },
        { name: "challenger", models: { next_item: "next-2", ranking: "rank-2" } },
      ];
      const body = { status: "running", kind: "shadow", surfaces: ["home", "product"], variants };
      const path = "/v1/experiments/shadow";
      expectStatus(await api.send("PUT", path, JSON.stringify(body)), 200, `PUT ${path}`);
      await askUntil(api, path, (told) => Object(told).result?.lists > 0);
      await pause(STEADY_MS);
    });
    const all = await load.stop();
    client.close();
    const head =
      "| what happens | requests | failed | without a model | p50 ms | p90 ms | p99 ms | max ms |";
    console.log(
      [
        head,
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        ...rows,
        printRow("all of it", all),
      ].join("\n"),
    );
    return all.every(({ status }) => status === 200) ? 0 : 1;
  } finally {
    await worker.close();
  }
}

const command = new Command("swap")
  .description("Ask for lists at a steady rate while models are swapped, on this machine only")
  .option("--rate <number>", "lists a second", wholeNumber, 15)
  .option("--items <number>", "in the catalogue", wholeNumber, 13_882)
  .option("--events <number>", "in the history", wholeNumber, 8_000)
  .action((options: Options) => runCommand(() => run(options)));

await command.parseAsync();
