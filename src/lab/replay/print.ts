// The end of a replay in words, for people.
import { toPercentiles, toReport, type Tally } from "./tally.ts";
import type { Latencies } from "./latencies.ts";

function latencyLine(what: string, latencies: Latencies): string {
  const { p50, p90, p99 } = toPercentiles(latencies);
  return `  ${what.padEnd(16)} p50 ${p50 ?? "-"} ms, p90 ${p90 ?? "-"} ms, p99 ${p99 ?? "-"} ms (${latencies.count} requests)`;
}

type Quality = ReturnType<typeof toReport>["popularity"];

function qualityLine(who: string, quality: Quality): string {
  const part = (name: "hr@20" | "mrr@20"): string =>
    `${name.toUpperCase()} ${quality[name].toFixed(2)} ± ${quality[`${name}_ci95`].toFixed(2)}%`;
  return `  ${who.padEnd(16)} ${part("hr@20")}, ${part("mrr@20")}`;
}

export function printTally(tally: Tally): string {
  const report = toReport(tally);
  const codes = Object.entries(tally.rejected).map(([code, count]) => `${count} ${code}`);
  const lines = [
    `sent ${report.sent}: ${report.accepted} accepted, ${report.duplicates} duplicates, ${report.rejected} rejected${codes.length > 0 ? ` (${codes.join(", ")})` : ""}`,
    latencyLine("events", tally.latencies.events),
    latencyLine("recommendations", tally.latencies.recommendations),
    `next item, ${report.recommendations.asked} asked (± half a 95% interval):`,
    qualityLine("Worker", report.recommendations),
    qualityLine("co-visitation", report.co_visitation),
    qualityLine("popularity", report.popularity),
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
