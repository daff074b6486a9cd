// The load bench's table, in Markdown: medians, and over the rounds the least and the most.
import type { Case, Sample } from "./measure.ts";

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
    return `${name} ${median.toFixed(2)}`;
  });
  return means.join(", ");
}

/** `samples[round][case]`; ratios are to the first case, within each round. */
export function printRounds(cases: readonly Case[], samples: readonly Sample[][]): string {
  const lines = [
    "| request | requests/s | ratio to bare | p50 ms | p99 ms | workerd CPU ms | Server-Timing ms |",
    "| --- | --- | --- | --- | --- | --- | --- |",
  ];
  for (const [place, { name }] of cases.entries()) {
    const own = samples.flatMap((row) => row[place] ?? []);
    const ratios = samples.map((row) => (row[place]?.rate ?? NaN) / (row[0]?.rate ?? NaN));
    const cells = [
      name,
      show(spread(own.map((sample) => sample.rate)), 0),
      show(spread(ratios), 3),
      show(spread(own.map((sample) => sample.p50)), 1),
      show(spread(own.map((sample) => sample.p99)), 1),
      show(spread(own.map((sample) => sample.cpu)), 2),
      printStages(own),
    ];
    lines.push(`| ${cells.join(" | ")} |`);
  }
  return lines.join("\n");
}
