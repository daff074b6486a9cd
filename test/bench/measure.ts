// Sends one kind of request in a closed loop for a while and says how it went.
import { setTimeout } from "node:timers/promises";
import type { Kind } from "./cases.ts";
import type { Answer, Client } from "./http-client.ts";

/** A kind of request, with so many in flight at any time, sent to one Worker. */
export type Row = Kind & {
  inFlight: number;
  client: Client;
  /** CPU time that the Worker's process has used so far, ms. */
  cpuMs: () => number;
};

export type Sample = {
  /** Requests a second. */
  rate: number;
  /** ms. */
  p50: number;
  p90: number;
  p99: number;
  /** CPU time of workerd for one request, ms; NaN where the system does not tell. */
  cpu: number;
  /** Mean of each stage that the answers' Server-Timing names, ms. */
  stages: Map<string, number>;
};

/** Of a row, each time anew: the shoppers' objects have to be awake. */
const WARM_UP_MS = 1_000;
/** What one row leaves behind (impressions in the queue) must not fall into the next one's time. */
const PAUSE_MS = 300;

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** `shopper;dur=1.5, rank;dur=0.2` */
function addStages(stages: Map<string, number>, { headers }: Answer): void {
  for (const [, name, ms] of String(headers["server-timing"] ?? "").matchAll(
    /([\w-]+);dur=([\d.]+)/g,
  )) {
    if (name !== undefined) stages.set(name, (stages.get(name) ?? 0) + Number(ms));
  }
}

/** Throws at the first answer of another status: a fast error is no result. */
export async function measure(
  { name, make, status, inFlight, client, cpuMs, most = Infinity }: Row,
  ms: number,
): Promise<Sample> {
  const latencies: number[] = [];
  const stages = new Map<string, number>();
  const cpuBefore = cpuMs();
  const start = performance.now();
  const end = start + ms;
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < end && sent++ < most) {
      const from = performance.now();
      const answer = await client.call(make());
      latencies.push(performance.now() - from);
      if (answer.status !== status) {
        throw new Error(`${name}: status ${answer.status}: ${answer.text.slice(0, 300)}`);
      }
      addStages(stages, answer);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const seconds = (performance.now() - start) / 1000;
  const cpu = (cpuMs() - cpuBefore) / latencies.length;
  latencies.sort((a, b) => a - b);
  for (const [stage, sum] of stages) stages.set(stage, sum / latencies.length);
  await setTimeout(PAUSE_MS);
  return {
    rate: latencies.length / seconds,
    p50: quantile(latencies, 0.5),
    p90: quantile(latencies, 0.9),
    p99: quantile(latencies, 0.99),
    cpu: cpuBefore === 0 ? NaN : cpu,
    stages,
  };
}

/** `samples[round][row]`; the rounds go over all rows, so that a machine's moods spread over them. */
export async function measureRounds(
  rows: readonly Row[],
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Sample[][]> {
  const samples: Sample[][] = [];
  for (let round = 0; round < rounds; round++) {
    const row: Sample[] = [];
    for (const each of rows) {
      await measure(each, WARM_UP_MS);
      row.push(await measure(each, seconds * 1000));
    }
    samples.push(row);
    console.error(`round ${round + 1} of ${rounds}`);
  }
  return samples;
}
