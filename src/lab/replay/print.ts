// The end of a replay in words, for people.
import { alignTable } from "../align-table.ts";
import type { Latencies } from "./latencies.ts";
import { toPercentiles, toReport, type Quality, type Tally } from "./tally.ts";

function latencyLine(what: string, latencies: Latencies): string {
  const { p50, p90, p99 } = toPercentiles(latencies);
  return `  ${what.padEnd(16)} p50 ${p50 ?? "-"} ms, p90 ${p90 ?? "-"} ms, p99 ${p99 ?? "-"} ms (${latencies.count} requests)`;
}

/** The lists as columns, in this order. */
const COLUMNS = [
  ["recommendations", "Worker"],
  ["recently_viewed", "recently viewed"],
  ["recently_viewed_co_visitation", "and co-visitation"],
  ["co_visitation", "co-visitation"],
  ["popularity", "popularity"],
] as const;

function cell(quality: Quality, isOwn: boolean): string {
  const part = (name: "hr@20" | "mrr@20"): string =>
    `${quality[name].toFixed(2)}${isOwn ? ` ±${quality[`${name}_ci95`].toFixed(2)}` : ""}`;
  return `${part("hr@20")} / ${part("mrr@20")}`;
}

function qualityTable({ slices }: ReturnType<typeof toReport>): string {
  const rows = Object.entries(slices).map(([slice, qualities]) => [
    `  ${slice.replaceAll("_", " ")}`,
    String(qualities.recommendations.asked),
    ...COLUMNS.map(([list]) => cell(qualities[list], list === "recommendations")),
  ]);
  const head = ["  HR@20 / MRR@20, %", "asked", ...COLUMNS.map(([, label]) => label)];
  return alignTable([head, ...rows]);
}

export function printTally(tally: Tally): string {
  const report = toReport(tally);
  const codes = Object.entries(tally.rejected).map(([code, count]) => `${count} ${code}`);
  const lines = [
    `sent ${report.sent}: ${report.accepted} accepted, ${report.duplicates} duplicates, ${report.rejected} rejected${codes.length > 0 ? ` (${codes.join(", ")})` : ""}`,
    latencyLine("events", tally.latencies.events),
    latencyLine("recommendations", tally.latencies.recommendations),
    "next item (± half a 95% interval):",
    qualityTable(report),
  ];
  for (const [part, count] of Object.entries(tally.degraded)) {
    lines.push(`  ${count} answers had to do without: ${part}`);
  }
  if (tally.duplicates > 0) {
    lines.push(
      "  Some events were known already, so the Worker had seen the answers: only a first replay measures quality.",
    );
  }
  return lines.join("\n");
}
