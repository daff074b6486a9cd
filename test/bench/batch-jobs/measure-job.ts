// One job to its end through the Worker's own route, invocation after invocation, with what each of them cost.
import * as z from "zod";
import { expectStatus } from "../../../src/client/api.ts";
import type { RetrainClient } from "../../../src/learn/fetch/client.ts";
import type { BenchWorker } from "../miniflare-worker.ts";

const Run = z.object({
  status: z.string(),
  slices: z.number(),
  counts: z.record(z.string(), z.number()),
  error: z.string().nullable(),
  advice: z.string().nullable(),
});

/** Between two looks at workerd's memory, ms. */
const LOOK_MS = 200;

export type Invocation = { slices: number; ms: number; cpu: number };

export type Measured = {
  name: string;
  counts: Record<string, number>;
  invocations: Invocation[];
  /** The most that workerd held, bytes. */
  memory: number;
};

/** Null where `isOver` says so before the job is done; the next call goes on, as the scheduler would. */
export async function measureJob(
  name: string,
  worker: BenchWorker,
  client: RetrainClient,
  before: Measured | undefined,
  told: (measured: Measured) => void,
  isOver: () => boolean,
): Promise<Measured | null> {
  const measured = before ?? { name, counts: {}, invocations: [], memory: 0 };
  const look = () => {
    measured.memory = Math.max(measured.memory, worker.memory());
  };
  const timer = setInterval(look, LOOK_MS);
  try {
    for (let status = ""; status !== "done";) {
      if (isOver()) return null;
      const [started, cpu] = [performance.now(), worker.cpuMs()];
      const answer = await client.api.send("POST", `/v1/jobs/${name}/run`);
      const run = Run.parse(expectStatus(answer, 200, `POST /v1/jobs/${name}/run`));
      if (run.status === "failed") throw new Error(`${name}: ${run.error} ${run.advice}`);
      const known = measured.invocations.reduce((sum, { slices }) => sum + slices, 0);
      measured.invocations.push({
        slices: run.slices - known,
        ms: performance.now() - started,
        cpu: worker.cpuMs() - cpu,
      });
      measured.counts = run.counts;
      ({ status } = run);
      told(measured);
    }
    return measured;
  } finally {
    clearInterval(timer);
  }
}
