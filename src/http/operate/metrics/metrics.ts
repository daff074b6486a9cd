// GET /metrics: what a monitor polls, in Prometheus form. Reads a few rows, no whole table.
import * as z from "zod";
import { SCHEDULED_JOBS } from "../../../batch/schedule.ts";
import { listRuns, type Run } from "../../../batch/run/runs.ts";
import { holdIsolate, type Held } from "../../../isolate/open-isolate.ts";
import { readLogGauges, type LogGauges } from "../../../log/stats.ts";
import { defineRoute } from "../../middleware/define-route.ts";
import { createRouter } from "../../middleware/router.ts";
import { PROMETHEUS, writeMetrics, type Metric } from "./prometheus.ts";

export const metrics = createRouter();

metrics.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/metrics",
    tags: ["operations"],
    summary: "Figures for a monitor, in Prometheus form",
    description:
      "Of the log, the jobs, and the isolate that answers. Poll it every half a minute with a secret key.",
    answers: {
      200: { description: "Version 0.0.4.", content: { "text/plain": { schema: z.string() } } },
    },
  }),
  async (c) => {
    const now = Date.now();
    const names = SCHEDULED_JOBS.map(({ job }) => job.name);
    const held = holdIsolate(c.env);
    const [gauges, runs, degraded] = await Promise.all([
      readLogGauges(c.env.DB),
      listRuns(c.env.DB, names, 1),
      held.isolate.keepUp(now, (work) => c.executionCtx.waitUntil(work)),
    ]);
    const text = writeMetrics([
      ...ofLog(gauges, now),
      ...ofJobs(runs, now),
      ...ofIsolate(held, degraded),
    ]);
    return c.text(text, 200, { "content-type": PROMETHEUS });
  },
);

function one(name: string, kind: Metric["kind"], help: string, value: number | null): Metric {
  return { name: `millrace_${name}`, kind, help, samples: [{ value }] };
}

function ofLog(gauges: LogGauges, now: number): Metric[] {
  const { last_seq, last_received_at, rejected_times, dead_letters, database_bytes } = gauges;
  const age = last_received_at === null ? null : Math.max(0, now - last_received_at) / 1000;
  return [
    one("log_rows_total", "counter", "Rows that the event log was ever given.", last_seq),
    one(
      "log_newest_age_seconds",
      "gauge",
      "Since the arrival of the newest event in the log.",
      age,
    ),
    one(
      "rejected_rows_total",
      "counter",
      "Rows that were refused, of the last 30 days.",
      rejected_times,
    ),
    one("dead_letters", "gauge", "Messages that could not be processed.", dead_letters),
    one("database_bytes", "gauge", "Size of D1, which ends at 10 GB.", database_bytes),
  ];
}

function ofJobs(runs: readonly Run[], now: number): Metric[] {
  const sample = (run: Run, value: number | null) => ({ labels: { job: run.name }, value });
  return [
    {
      name: "millrace_job_failed",
      help: "1 where the last run of a job failed.",
      kind: "gauge",
      samples: runs.map((run) => sample(run, run.status === "failed" ? 1 : 0)),
    },
    {
      name: "millrace_job_age_seconds",
      help: "Since the last run of a job ended; none where it is under way.",
      kind: "gauge",
      samples: runs.map((run) =>
        sample(run, run.ended_at === null ? null : Math.max(0, now - run.ended_at) / 1000),
      ),
    },
  ];
}

function ofIsolate({ isolate, intent }: Held, degraded: readonly string[]): Metric[] {
  const states = { "next-item": isolate.models.state, intent: intent.state };
  return [
    one("catalogue_items", "gauge", "Items in the memory of this isolate.", isolate.catalog.size),
    {
      name: "millrace_degraded",
      help: "What recommendations do without at the moment.",
      kind: "gauge",
      samples: degraded.map((part) => ({ labels: { part }, value: 1 })),
    },
    {
      name: "millrace_model_serving",
      help: "The version of each model that answers; 0 where another one is wanted.",
      kind: "gauge",
      samples: Object.entries(states).flatMap(([task, { wanted, serving }]) =>
        serving === null
          ? []
          : [{ labels: { task, version: serving }, value: wanted === serving ? 1 : 0 }],
      ),
    },
  ];
}
