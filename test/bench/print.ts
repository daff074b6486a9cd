// The load bench's tables, in Markdown: medians over the rounds, of the rate also the least and the most.
import type { IsolateMemory } from "./inspector.ts";
import type { Row, Sample } from "./measure.ts";

type Spread = { min: number; median: number; max: number };

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)] ?? NaN, sorted[Math.ceil(middle)] ?? NaN];
  return { min: sorted[0] ?? NaN, median: (low + high) / 2, max: sorted.at(-1) ?? NaN };
}

const show = ({ min, median, max }: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)}..${max.toFixed(digits)})`;

function printStages(samples: readonly Sample[]): string {
  const names = new Set(samples.flatMap((sample) => [...sample.stages.keys()]));
  const means = [...names].map((name) => {
    const { median } = spread(samples.map((sample) => sample.stages.get(name) ?? 0));
    return `${name} ${median.toFixed(1)}`;
  });
  return means.join(", ");
}

/** `samples[round][row]`; ratios are to the first row, within each round. */
export function printRounds(rows: readonly Row[], samples: readonly Sample[][]): string {
  const lines = [
    "| request | in flight | requests/s | ratio to bare | p50 ms | p90 ms | p99 ms | CPU ms | stages, ms |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
  ];
  for (const [index, { name, inFlight }] of rows.entries()) {
    const own = samples.flatMap((row) => row[index] ?? []);
    const ratios = samples.map((row) => (row[index]?.rate ?? NaN) / (row[0]?.rate ?? NaN));
    const median = (read: (sample: Sample) => number) => spread(own.map(read)).median;
    const cells = [
      name,
      inFlight,
      show(spread(own.map(({ rate }) => rate)), 0),
      spread(ratios).median.toFixed(3),
      median(({ p50 }) => p50).toFixed(1),
      show(spread(own.map(({ p90 }) => p90)), 1),
      median(({ p99 }) => p99).toFixed(1),
      median(({ cpu }) => cpu).toFixed(2),
      printStages(own),
    ];
    lines.push(`| ${cells.join(" | ")} |`);
  }
  return lines.join("\n");
}

/** Of one isolate, in MB; Cloudflare gives it 128. */
export function printMemory(rows: readonly (readonly [name: string, IsolateMemory])[]): string {
  const lines = [
    "| memory of the isolate, MB | all | heap | WASM | typed arrays |",
    "| --- | --- | --- | --- | --- |",
  ];
  for (const [name, { heap, wasm, buffers }] of rows) {
    const cells = [heap + wasm + buffers, heap, wasm, buffers];
    lines.push(`| ${[name, ...cells.map((bytes) => (bytes / 2 ** 20).toFixed(0))].join(" | ")} |`);
  }
  return lines.join("\n");
}
