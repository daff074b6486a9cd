// What the bound on an isolate's pairs of items saves and costs: `node --expose-gc test/bench/pair-limits/run.ts --train
// <sessions>`. The sources learn so many clicks from the end of the log, and then answer while they learn the rest.
import { parseArgs } from "node:util";
import type { ScoringRetriever } from "../../../models/baselines/retriever.ts";
import { createSources, type LogSize } from "../../../models/ranking/features/sources.ts";
import { loadData } from "../../../src/lab/train/load-data.ts";
import { MAX_PAIRS } from "../../../src/live/live-index.ts";

const { values } = parseArgs({
  options: { train: { type: "string" }, clicks: { type: "string", default: "200000" } },
});
if (!values.train) throw new Error("Name a session file with --train.");

/** Clicks of the log's end whose sessions are asked about. */
const ASKED = 15_000;
/** As far as a source is read for one page, and as far as a rank counts. */
const [DEPTH, PAGE] = [50, 20];
/** Large enough that nothing but the pairs is bounded. */
const SIZE: LogSize = { sessions: 400_000, clicks: 1_000_000, span: 60 * 86_400_000 };
const STEP_MS = 1000;

const { data } = await loadData(values.train);
const wanted = Number(values.clicks) + ASKED;
let [first, clicks] = [data.sessions.length, 0];
while (first > 0 && clicks < wanted) clicks += data.sessions[--first]?.items.length ?? 0;
const sessions = data.sessions.slice(first).map(({ items }) => items);

/** Numbers by first click, as the live index gives them. */
const numbers = new Map<number, number>();
const log = sessions.map((items) =>
  items.map((item) => numbers.get(item) ?? numbers.set(item, numbers.size).size - 1),
);

type Finds = { found: number; reciprocal: number };

function ask(source: ScoringRetriever, given: readonly number[], next: number): Finds {
  const rank = source.retrieve(given, DEPTH).findIndex(({ item }) => item === next);
  return {
    found: rank === -1 ? 0 : 1,
    reciprocal: rank === -1 || rank >= PAGE ? 0 : 1 / (rank + 1),
  };
}

const megabytes = () => {
  globalThis.gc?.();
  return process.memoryUsage().arrayBuffers / 2 ** 20;
};

const bare = megabytes();
console.log(`${clicks} clicks on ${numbers.size} items; HR@${DEPTH} and MRR@${PAGE} in %`);
/** A function of its own, so that nothing of one run is there in the next. */
function run(maxPairs: number): void {
  const sources = createSources(SIZE, { maxPairs });
  const finds = sources.map((): Finds => ({ found: 0, reciprocal: 0 }));
  let [learned, questions] = [0, 0];
  for (const [session, items] of log.entries()) {
    for (let index = 1; index < items.length && learned >= Number(values.clicks); index++) {
      questions++;
      for (const [at, source] of sources.entries()) {
        const sums = finds[at] ?? { found: 0, reciprocal: 0 };
        const { found, reciprocal } = ask(source, items.slice(0, index), items[index] ?? 0);
        sums.found += found;
        sums.reciprocal += reciprocal;
      }
    }
    for (const item of items) {
      const click = { session, item, timestamp: STEP_MS * learned++ };
      for (const source of sources) source.observe(click);
    }
  }
  console.log(
    `${maxPairs} pairs a source: ${(megabytes() - bare).toFixed(0)} MB of arrays, ${questions} questions`,
  );
  for (const [at, { name }] of sources.entries()) {
    const { found = 0, reciprocal = 0 } = finds[at] ?? {};
    const percent = (sum: number) => ((100 * sum) / questions).toFixed(2);
    console.log(`  ${name}: ${percent(found)}, ${percent(reciprocal)}`);
  }
}

for (const maxPairs of [Infinity, 2 * MAX_PAIRS, MAX_PAIRS, MAX_PAIRS / 2]) run(maxPairs);
