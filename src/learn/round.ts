// One round of retraining: exports in, a challenger trained and judged, the gate's decision, perhaps new versions of
// both models.
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../../models/registry/manifest.ts";
import { createNodeRuntime } from "../../models/runtime/node.ts";
import { renderCard } from "./card.ts";
import { fetchChampion, filesOf, publish } from "./champion.ts";
import type { RetrainClient } from "./fetch/client.ts";
import { describeExport } from "./fetch/describe-export.ts";
import { fetchCatalogue } from "./fetch/fetch-catalogue.ts";
import { decide, type Check } from "./gate.ts";
import { gatherEvidence } from "./judge.ts";
import { readExports } from "./read-exports.ts";
import { splitByTime } from "./split-by-time.ts";
import { syncExports } from "./fetch/sync-exports.ts";
import { packPair, refit, trainPair, type PairConfig } from "./train-pair.ts";

export type RoundOptions = {
  /** Local copy of the exports. */
  folder: string;
  /** Where cards and decisions go. */
  reports: string;
  config: PairConfig;
  threads: number;
  /** Even if nothing is new. */
  force: boolean;
  log: (line: string) => void;
};

export type Versions = { nextItem: string; ranking: string };

export type RoundResult =
  | { kind: "nothing"; reason: string }
  | {
      kind: "kept-back" | "published";
      versions: Versions;
      card: string;
      checks: Check[];
      /** Of training, all of it. */
      seconds: number;
    };

const CARD_FILE = "card.html";
/** Of the 40 MB that a version may have, what its item table may take: float32 to score by, float16 for neighbours. */
const TABLE_BYTES = 30_000_000;
const BYTES_A_VALUE = 6;

export async function runRound(client: RetrainClient, options: RoundOptions): Promise<RoundResult> {
  const { log, config } = options;
  const { seed } = config.encoder;
  const { parts, minorUnits, downloaded } = await syncExports(client, options.folder);
  log(`${parts.length} verified files, ${downloaded} of them new here.`);
  if (parts.length === 0) return { kind: "nothing", reason: "No verified export yet." };
  const champion = await fetchChampion(client);
  const lineage = describeExport(parts);
  const learned = champion.nextItem?.manifest;
  if (!options.force && learned?.["export"] === lineage.digest)
    return { kind: "nothing", reason: `${learned.version} has learned from all of it.` };

  const exported = await readExports(
    parts.map(({ path }) => path),
    {
      catalogue: await fetchCatalogue(client, minorUnits),
      minorUnits,
      most: Math.floor(TABLE_BYTES / (config.encoder.dim * BYTES_A_VALUE)),
    },
  );
  const seen = Date.parse(learned?.data.to ?? "");
  const split = splitByTime(exported.data, Number.isNaN(seen) ? null : seen);
  const { sessions } = split.train;
  if (!sessions.some(({ items }) => items.length > 1))
    return { kind: "nothing", reason: "Too few sessions of two items to learn from." };
  log(`${sessions.length} sessions before ${new Date(split.cut).toISOString()} to learn from.`);

  const runtime = createNodeRuntime({ threads: options.threads });
  const trained = await trainPair(exported, split.train, config, runtime);
  const packing = {
    ...lineage,
    vocabulary: exported.vocabulary,
    parents: {
      nextItem: champion.nextItem?.manifest.version ?? null,
      ranking: champion.ranking?.manifest.version ?? null,
    },
    now: Date.now(),
  };
  const judged = await packPair(trained, { ...packing, metrics: {} });
  const trial = { log: exported, split, runtime, seed };
  const sides = { challenger: filesOf(judged), champion: filesOf(champion) };
  const evidence = await gatherEvidence({ ...trial, ...sides });
  const decision = decide(evidence);
  for (const { name, passed, detail } of decision.checks)
    log(`${passed ? "passed" : "FAILED"}  ${name}: ${detail}`);

  // What serves shall know the newest days too.
  const final = decision.publish
    ? await refit(trained, exported, config.encoder, runtime)
    : trained;
  const metrics = Object.fromEntries(
    [...evidence.challenger.figures].map(([name, { value }]) => [name, value]),
  );
  const pair = decision.publish ? await packPair(final, { ...packing, metrics }) : judged;
  const { history, seconds } = final;
  const html = renderCard({ pair, evidence, decision, history, seconds, cut: split.cut });
  const versions = {
    nextItem: pair.nextItem.manifest.version,
    ranking: pair.ranking.manifest.version,
  };
  const card = keepRecord(options.reports, pair.nextItem.manifest, html, {
    ...versions,
    published: decision.publish,
    checks: decision.checks,
  });
  const told = { versions, card, checks: decision.checks, seconds };
  if (!decision.publish) return { kind: "kept-back", ...told };
  const beside = { name: CARD_FILE, bytes: new TextEncoder().encode(html) };
  const done = await publish(client, pair, beside, champion);
  if (done.ok) return { kind: "published", ...told };
  const refusal = { name: "promotion", passed: false, detail: done.reason };
  return { kind: "kept-back", ...told, checks: [...decision.checks, refusal] };
}

/** Keeps the card and a line of the decision; answers with the card's path. */
function keepRecord(
  reports: string,
  { version, parent, data }: Manifest,
  html: string,
  decision: Versions & { published: boolean; checks: readonly Check[] },
): string {
  mkdirSync(reports, { recursive: true });
  const card = join(reports, `${version}.html`);
  writeFileSync(card, html);
  const line = { at: new Date().toISOString(), parent, data, ...decision };
  appendFileSync(join(reports, "decisions.ndjson"), `${JSON.stringify(line)}\n`);
  return card;
}
