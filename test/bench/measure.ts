// Sends one kind of request for a while and says how it went.
import type { Answer, Call, Client } from "./http-client.ts";

export type Case = {
  name: string;
  /** The next request; each call another one. */
  make: () => Call;
  status: number;
};

export type Sample = {
  /** Requests a second. */
  rate: number;
  /** ms. */
  p50: number;
  p99: number;
  /** CPU time of workerd for one request, ms; NaN where the system does not tell. */
  cpu: number;
  /** Mean of each stage that the answers' Server-Timing names, ms. */
  stages: Map<string, number>;
};

function quantile(sorted: readonly number[], share: number): number {
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
  client: Client,
  { name, make, status }: Case,
  { ms, concurrency, cpuMs }: { ms: number; concurrency: number; cpuMs: () => number },
): Promise<Sample> {
  const latencies: number[] = [];
  const stages = new Map<string, number>();
  const cpuBefore = cpuMs();
  const start = performance.now();
  const end = start + ms;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      const sent = performance.now();
      const answer = await client.call(make());
      latencies.push(performance.now() - sent);
      if (answer.status !== status) {
        throw new Error(`${name}: status ${answer.status}: ${answer.text.slice(0, 300)}`);
      }
      addStages(stages, answer);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - start) / 1000;
  const cpu = (cpuMs() - cpuBefore) / latencies.length;
  latencies.sort((a, b) => a - b);
  for (const [stage, sum] of stages) stages.set(stage, sum / latencies.length);
  return {
    rate: latencies.length / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    cpu: cpuBefore === 0 ? NaN : cpu,
    stages,
  };
}
