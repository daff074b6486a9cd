// The model card: what a version learned from, how it was judged, and what the gate decided.
import { renderNextItemReport } from "../../../models/evaluate/report/next-item-report.ts";
import { renderTable } from "../../../models/evaluate/report/page.ts";
import type { EpochReport } from "../../../models/next-item/train.ts";
import type { Manifest } from "../../../models/registry/manifest.ts";
import type { Decision, Evidence } from "./gate.ts";

export type Card = {
  manifest: Manifest;
  evidence: Evidence;
  decision: Decision;
  history: readonly EpochReport[];
  trainSeconds: number;
  /** Sessions from then on judged, ms. */
  cut: number;
};

/** One HTML page that needs nothing else. */
export function renderCard({ manifest, evidence, decision, history, ...run }: Card): string {
  const { challenger, champion, comparison } = evidence;
  const report = renderNextItemReport({
    title: `Model card: next-item ${manifest.version}`,
    facts: [
      ["decision", decision.publish ? "published" : "kept back"],
      ["made", manifest.created_at],
      ["parent", manifest.parent ?? "none"],
      ["learned from", `${manifest.data.source}: ${manifest.data.events} events`],
      ["window", `${manifest.data.from} to ${manifest.data.to}`],
      ["judged by", `${evidence.examples} next items from ${new Date(run.cut).toISOString()} on`],
      ["size", `${(evidence.bytes / 1e6).toFixed(1)} MB, ${evidence.ms.toFixed(2)} ms a context`],
      ["seed", String(manifest.seed)],
    ],
    summaries: [challenger, champion].sort(
      (a, b) => (b.figures.get("mrr@20")?.value ?? 0) - (a.figures.get("mrr@20")?.value ?? 0),
    ),
    trainSeconds: new Map([[challenger.name, run.trainSeconds]]),
    comparisons: [{ first: challenger.name, second: champion.name, metric: "mrr@20", comparison }],
    curves: history.length > 0 ? [{ name: challenger.name, epochs: history }] : [],
  });
  return report.replace("<main>", `<main>${renderGate(decision)}`);
}

function renderGate({ checks }: Decision): string {
  const table = renderTable({
    head: ["gate", "passed", "why"],
    rows: checks.map(({ name, passed, detail }) => [name, passed ? "yes" : "no", detail]),
  });
  return `<section><h2>Gate</h2><p>All must pass before a version serves.</p>${table}</section>`;
}
