// The model card: what a pair of versions learned from, how it was judged, and what the gate decided.
import { renderNextItemReport } from "../../models/evaluate/report/next-item-report.ts";
import { renderTable } from "../../models/evaluate/report/page.ts";
import type { EpochReport } from "../../models/next-item/train/best-epoch.ts";
import type { Decision, Evidence } from "./gate.ts";
import type { PackedPair } from "./train-pair.ts";

export type Card = {
  pair: PackedPair;
  evidence: Evidence;
  decision: Decision;
  /** Of the encoder. */
  history: readonly EpochReport[];
  /** Training, all of it. */
  seconds: number;
  /** Events from then on judged, ms. */
  cut: number;
};

const JUDGED_BY =
  "Percent. Before each view of a shopper who was there before, both pairs were asked for the home page by the code that serves, with the shopper's state and the live index of that moment; a hit is a list of 20 that holds the item viewed next. Coverage: share of the catalogue in any list. Popularity bias: clicks of the items shown over clicks of the items chosen.";

/** One HTML page that needs nothing else. */
export function renderCard({ pair, evidence, decision, history, ...run }: Card): string {
  const { challenger, champion, comparison, hitRate } = evidence;
  const { manifest } = pair.nextItem;
  const ranking = pair.ranking.manifest;
  const held = Object.entries(ranking.metrics)
    .filter(([name]) => name.startsWith("validation_"))
    .map(([name, value]) => `${name.slice("validation_".length)} ${value.toFixed(3)}`);
  const report = renderNextItemReport({
    title: `Model card: next-item ${manifest.version}, ranking ${ranking.version}`,
    facts: [
      ["decision", decision.publish ? "published" : "kept back"],
      ["made", manifest.created_at],
      ["parents", `${manifest.parent ?? "none"}, ${ranking.parent ?? "none"}`],
      ["learned from", `${manifest.data.source}: ${manifest.data.events} events`],
      ["window", `${manifest.data.from} to ${manifest.data.to}`],
      ["judged by", `${evidence.examples} views from ${new Date(run.cut).toISOString()} on`],
      ["size", `${(evidence.bytes / 1e6).toFixed(1)} MB, ${evidence.ms.toFixed(2)} ms an answer`],
      ["ranking, on lists held back", held.join(", ")],
      ["settings", JSON.stringify({ encoder: manifest.config, ranking: ranking.config })],
      ["seed", String(manifest.seed)],
    ],
    note: JUDGED_BY,
    summaries: [challenger, champion].sort(
      (a, b) => (b.figures.get("mrr@20")?.value ?? 0) - (a.figures.get("mrr@20")?.value ?? 0),
    ),
    trainSeconds: new Map([[challenger.name, run.seconds]]),
    comparisons: [
      { first: challenger.name, second: champion.name, metric: "mrr@20", comparison },
      { first: challenger.name, second: champion.name, metric: "hr@20", comparison: hitRate },
    ],
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
