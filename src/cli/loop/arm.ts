// One way through the log, day by day, on a Worker of its own: replay, night, and perhaps a round of retraining.
import { rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { TrainConfig } from "../../../models/next-item/config.ts";
import { connect, type Api } from "../client/api.ts";
import { cutBatches } from "../replay/batches.ts";
import { importCatalogue } from "../replay/import-catalogue.ts";
import { PopularityRanking } from "../replay/popularity.ts";
import { replay } from "../replay/run.ts";
import { restoreTally, toReport } from "../replay/tally.ts";
import { isServing } from "../retrain/champion.ts";
import { openClient, type RetrainClient } from "../retrain/client.ts";
import { runRound, type RoundResult } from "../retrain/round.ts";
import { ensureDevVars } from "../start/dev-vars.ts";
import { applyMigrations, findFreePort, startLocalWorker } from "../start/local-worker.ts";
import type { WireEvent } from "../simulate/wire.ts";
import type { LoggedDay } from "./days.ts";
import { runNight } from "./night.ts";

const BATCH_EVENTS = 100;
const CONCURRENCY = 4;
/** Patience with a local Worker on a busy machine, ms. */
const WAIT_MS = 120_000;
const POLL_MS = 1000;

export type ArmOptions = {
  name: string;
  /** Whether the first version that passes the gate is kept for good. */
  once: boolean;
  days: readonly LoggedDay[];
  catalogue: readonly { item_id: string }[];
  config: Partial<TrainConfig>;
  reports: string;
  seed: number;
  threads: number;
  log: (line: string) => void;
  /** Told of all days so far, after each. */
  onDay: (days: readonly ArmDay[]) => void;
};

export type ArmDay = {
  dt: string;
  events: number;
  /** HR@20 and MRR@20 of the answers given on that day, and of popularity, percent. */
  quality: ReturnType<typeof toReport>;
  /** The version that served on that day, or null. */
  version: string | null;
  exported: Record<string, number>;
  round: RoundResult | null;
  /** From the promotion until the Worker served the version, s; null where nothing was promoted. */
  swapSeconds: number | null;
};

export async function runArm(options: ArmOptions): Promise<ArmDay[]> {
  const persistTo = mkdtempSync(join(tmpdir(), "millrace-loop-"));
  const { secret } = ensureDevVars();
  await applyMigrations(persistTo);
  const worker = await startLocalWorker({ port: await findFreePort(), persistTo });
  try {
    const api = connect({ url: worker.url, key: secret, waitMs: WAIT_MS });
    await importCatalogue(api, options.catalogue);
    const client = openClient(worker.url, secret);
    return await turn(client, api, join(persistTo, "exports"), options);
  } finally {
    await worker.stop();
    rmSync(persistTo, { recursive: true, force: true });
  }
}

async function turn(
  client: RetrainClient,
  api: Api,
  folder: string,
  options: ArmOptions,
): Promise<ArmDay[]> {
  const { days, log, name } = options;
  const popularity = new PopularityRanking();
  const done: ArmDay[] = [];
  let sent = 0;
  for (const [night, { dt, events }] of days.entries()) {
    const { serving: version } = await client.readModel("next-item");
    const past = days.slice(0, night + 1).flatMap((day) => day.events);
    const quality = await replayDay(api, past, sent, popularity);
    sent = past.length;
    const exported = await runNight(api, sent);
    const learns = night + 1 < days.length && !(options.once && version !== null);
    const round = learns ? await runRound(client, { ...options, folder, force: false }) : null;
    const swapSeconds =
      round?.kind === "published" ? await waitForSwap(client, round.version) : null;
    done.push({ dt, events: events.length, quality, version, exported, round, swapSeconds });
    options.onDay(done);
    log(
      `${name} ${dt}: HR@20 ${quality.recommendations["hr@20"]}, then ${round?.kind ?? "no round"}.`,
    );
  }
  return done;
}

/** Earlier days are passed over, but their shoppers are known, so that questions are asked about them. */
async function replayDay(
  api: Api,
  events: readonly WireEvent[],
  skip: number,
  popularity: PopularityRanking,
) {
  const tally = restoreTally();
  const batches = cutBatches(stream(events), {
    size: BATCH_EVENTS,
    ask: true,
    skip,
    onSkipped: () => undefined,
  });
  const deps = { api, tally, popularity, concurrency: CONCURRENCY, waitMs: WAIT_MS };
  for await (const { rejected } of replay(deps, batches)) {
    if (rejected.length > 0) throw new Error(`An event was rejected: ${rejected[0]?.message}`);
  }
  return toReport(tally);
}

async function* stream(events: readonly WireEvent[]): AsyncGenerator<WireEvent> {
  yield* events;
}

async function waitForSwap(client: RetrainClient, version: string): Promise<number> {
  const started = performance.now();
  while (!(await isServing(client, version))) {
    if (performance.now() - started > WAIT_MS)
      throw new Error(`The Worker does not take ${version}.`);
    await pause(POLL_MS);
  }
  return (performance.now() - started) / 1000;
}
