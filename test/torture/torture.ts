// Kills the Worker again and again under load, then sends it nonsense, and says what was lost, doubled or broken.
import { rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { Random } from "../../src/lab/simulate/random.ts";
import { buildBundle } from "../bench/bundle.ts";
import { openBenchWorker } from "../bench/miniflare-worker.ts";
import { makeFolder } from "../support/folder.ts";
import { fuzz, type Fuzzed } from "./fuzz.ts";
import { startLoad, type Ledger } from "./load.ts";
import { openMortalWorker } from "./mortal-worker.ts";
import { verify, type Verdict } from "./verify.ts";

/** How long a Worker lives at least and at most, ms. */
const SHORTEST_LIFE_MS = 200;
const LONGEST_LIFE_MS = 1800;

export type TortureOptions = { kills: number; fuzz: number; seed: number };

export type Tortured = { ledger: Ledger; verdict: Verdict; fuzzed: Fuzzed };

export async function torture(
  options: TortureOptions,
  tell: (progress: string) => void,
): Promise<Tortured> {
  await buildBundle();
  const folder = makeFolder();
  try {
    const ledger = await killUnderLoad(folder, options, tell);
    const worker = await openBenchWorker(false, folder);
    try {
      const verdict = await verify(worker, ledger);
      const fuzzed = await fuzz(worker.url, options.fuzz, options.seed);
      return { ledger, verdict, fuzzed };
    } finally {
      await worker.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function killUnderLoad(
  folder: string,
  { kills, seed }: TortureOptions,
  tell: (progress: string) => void,
): Promise<Ledger> {
  const random = new Random(seed);
  const worker = openMortalWorker(folder);
  await worker.start();
  const load = startLoad(worker, seed, Date.now() - 600_000);
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await pause(SHORTEST_LIFE_MS + random.next() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS));
      await worker.kill();
      if (kill % 10 === 0) tell(`${kill} kills`);
      await worker.start();
    }
    await load.stop();
  } finally {
    await worker.kill();
  }
  return load.ledger;
}
