// One round of retraining: exports in, a challenger trained and judged, the gate's decision, perhaps a new version.
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TrainConfig } from "../../../models/next-item/config.ts";
import { createModelFolder } from "../../../models/next-item/model-folder.ts";
import { bestEpoch, trainNextItem, type TrainedEncoder } from "../../../models/next-item/train.ts";
import { MANIFEST_FILE } from "../../../models/registry/keys.ts";
import type { Manifest } from "../../../models/registry/manifest.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";
import { renderCard } from "./card.ts";
import { fetchChampion, publish, type Champion } from "./champion.ts";
import type { RetrainClient } from "./client.ts";
import { decide, type Check } from "./gate.ts";
import { gatherEvidence } from "./judge.ts";
import { readExports, type ExportedData } from "./read-exports.ts";
import { splitByTime } from "./split-by-time.ts";
import { syncExports, type LocalPart } from "./sync-exports.ts";

export type RoundOptions = {
  /** Local copy of the exports. */
  folder: string;
  /** Where cards and decisions go. */
  reports: string;
  config: Partial<TrainConfig>;
  seed: number;
  threads: number;
  /** Even if nothing is new. */
  force: boolean;
  log: (line: string) => void;
};

export type RoundResult =
  | { kind: "nothing"; reason: string }
  | { kind: "kept-back"; version: string; card: string; checks: Check[] }
  | { kind: "published"; version: string; card: string; checks: Check[] };

/** The card beside the model's files; the manifest does not list it, so that Workers do not load it. */
const CARD_FILE = "card.html";

export async function runRound(client: RetrainClient, options: RoundOptions): Promise<RoundResult> {
  const { log, seed } = options;
  const { parts, minorUnits, downloaded } = await syncExports(client, options.folder);
  log(`${parts.length} verified files, ${downloaded} of them new here.`);
  if (parts.length === 0) return { kind: "nothing", reason: "No verified export yet." };
  const champion = await fetchChampion(client);
  const lineage = describeParts(parts);
  if (!options.force && champion?.manifest["export"] === lineage.digest)
    return { kind: "nothing", reason: `${champion.manifest.version} has learned from all of it.` };

  const exported = await readExports(
    parts.map(({ path }) => path),
    minorUnits,
  );
  const seen = Date.parse(champion?.manifest.data.to ?? "");
  const split = splitByTime(exported.data, Number.isNaN(seen) ? null : seen, seed);
  if (split.examples.length === 0 || !split.train.sessions.some(({ items }) => items.length > 1))
    return {
      kind: "nothing",
      reason: "Too few sessions of two items to learn from and to judge by.",
    };
  log(
    `${split.train.sessions.length} sessions to learn from, ${split.examples.length} examples to judge by.`,
  );

  const runtime = createNodeRuntime({ threads: options.threads });
  const config = { ...options.config, seed };
  const model = await trainNextItem({ data: split.train, config, runtime });
  const facts = { exported, champion, lineage };
  const folder = await makeFolder(model, facts, {});
  const evidence = await gatherEvidence({
    split,
    vocabulary: exported.vocabulary,
    challenger: folder.files,
    champion: champion?.files ?? null,
    runtime,
    seed,
  });
  await model.release();
  const decision = decide(evidence);
  for (const { name, passed, detail } of decision.checks)
    log(`${passed ? "passed" : "FAILED"}  ${name}: ${detail}`);

  // What serves shall know the newest days too: learned anew, on everything, for as long as was best.
  const final = decision.publish ? await refit(model, exported, config, options.threads) : model;
  const metrics = Object.fromEntries(
    [...evidence.challenger.figures].map(([name, { value }]) => [name, value]),
  );
  const { manifest, files } = decision.publish ? await makeFolder(final, facts, metrics) : folder;
  const { history, trainSeconds } = model;
  const html = renderCard({ manifest, evidence, decision, history, trainSeconds, cut: split.cut });
  const card = keepRecord(options.reports, manifest, html, decision.checks, decision.publish);
  const { version } = manifest;
  if (!decision.publish) return { kind: "kept-back", version, card, checks: decision.checks };
  const withCard = { ...files, [CARD_FILE]: new TextEncoder().encode(html) };
  const done = await publish(client, version, withCard, champion?.manifest.version ?? null);
  if (done.ok) return { kind: "published", version, card, checks: decision.checks };
  const refusal = { name: "promotion", passed: false, detail: done.reason };
  return { kind: "kept-back", version, card, checks: [...decision.checks, refusal] };
}

/** The same files in the same state have the same digest. */
function describeParts(parts: readonly LocalPart[]): { source: string; digest: string } {
  const days = parts.map(({ dt }) => dt).sort();
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const last = Math.max(...parts.map(({ to_seq }) => to_seq));
  return {
    source: `export of ${days[0]} to ${days.at(-1)}, ${parts.length} files, ${rows} rows, log up to ${last}`,
    digest: parts
      .map(({ sha256 }) => sha256.slice(0, 8))
      .sort()
      .join("."),
  };
}

type Facts = {
  exported: ExportedData;
  champion: Champion | null;
  lineage: { source: string; digest: string };
};

async function makeFolder(
  model: TrainedEncoder,
  { exported, champion, lineage }: Facts,
  metrics: Record<string, number>,
) {
  const { manifest, files } = await createModelFolder(model.weights, {
    vocabulary: exported.vocabulary,
    data: exported.data,
    source: lineage.source,
    metrics,
    now: Date.now(),
    parent: champion?.manifest.version,
  });
  const described: Manifest = { ...manifest, export: lineage.digest };
  const bytes = new TextEncoder().encode(`${JSON.stringify(described, null, 2)}\n`);
  return { manifest: described, files: { ...files, [MANIFEST_FILE]: bytes } };
}

async function refit(
  model: TrainedEncoder,
  { data }: ExportedData,
  config: Partial<TrainConfig>,
  threads: number,
): Promise<TrainedEncoder> {
  const best = bestEpoch(model.history)?.epoch;
  const epochs = best ?? model.config.epochs;
  const whole = { ...config, epochs, validation: 0, refit: false };
  const runtime = createNodeRuntime({ threads });
  const refitted = await trainNextItem({ data, config: whole, runtime });
  await refitted.release();
  const { calibration } = model.weights;
  return { ...refitted, weights: { ...refitted.weights, calibration } };
}

/** Keeps the card and a line of the decision; answers with the card's path. */
function keepRecord(
  reports: string,
  { version, parent, data }: Manifest,
  html: string,
  checks: readonly Check[],
  published: boolean,
): string {
  mkdirSync(reports, { recursive: true });
  const card = join(reports, `${version}.html`);
  writeFileSync(card, html);
  const line = { at: new Date().toISOString(), version, parent, data, published, checks };
  appendFileSync(join(reports, "decisions.ndjson"), `${JSON.stringify(line)}\n`);
  return card;
}
