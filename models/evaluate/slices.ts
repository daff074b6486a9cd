// Quality by length of the context: a model may know newcomers badly and regulars well.
import type { Example } from "./judge.ts";
import { gainsOf, meanPercent } from "./metrics.ts";
import type { MetricKind } from "./metrics.ts";

export type Slice = { label: string; examples: number; value: number };

/** Lengths that shops tell apart: the first click, the second, a short visit, a longer one, a long one. */
const EDGES = [1, 2, 3, 5, 10] as const;

function labelOf(edge: number, next: number | undefined): string {
  if (next === undefined) return `${edge}+`;
  return next === edge + 1 ? `${edge}` : `${edge}-${next - 1}`;
}

/** One slice for each range of context lengths, in percent; empty ones are left out. */
export function sliceByLength(
  examples: readonly Example[],
  ranks: Float64Array,
  kind: MetricKind,
  cutoff: number,
): Slice[] {
  const gains = gainsOf(ranks, kind, cutoff);
  return EDGES.map((edge, index) => {
    const next = EDGES[index + 1];
    const inside = gains.filter((_, example) => {
      const length = examples[example]?.context.length ?? 0;
      return length >= edge && length < (next ?? Infinity);
    });
    return { label: labelOf(edge, next), examples: inside.length, value: meanPercent(inside) };
  }).filter((slice) => slice.examples > 0);
}
