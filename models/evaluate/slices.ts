// Quality by length of the context, and by whether the answer was in it already: a model may know newcomers badly and
// regulars well, and a list of what the shopper just saw is no discovery.
import type { Example } from "./judge.ts";
import { gainsOf, meanPercent } from "./metrics.ts";
import type { MetricKind } from "./metrics.ts";

export type Slice = { label: string; examples: number; value: number };

/** Lengths that shops tell apart: the first click, the second, a short visit, longer ones, and those of regulars. */
const EDGES = [1, 2, 3, 5, 10, 20, 50] as const;

function labelOf(edge: number, next: number | undefined): string {
  if (next === undefined) return `${edge}+`;
  return next === edge + 1 ? `${edge}` : `${edge}-${next - 1}`;
}

type Kind = { label: string; holds: (example: Example) => boolean };

const isRepeat = ({ context, target }: Example): boolean => context.includes(target);

const KINDS: readonly Kind[] = [
  { label: "new", holds: (example) => !isRepeat(example) },
  { label: "repeated", holds: isRepeat },
];

const LENGTHS: readonly Kind[] = EDGES.map((edge, index) => {
  const next = EDGES[index + 1];
  const holds = ({ context }: Example) =>
    context.length >= edge && context.length < (next ?? Infinity);
  return { label: labelOf(edge, next), holds };
});

/** Percent; empty slices are left out. */
function slice(kinds: readonly Kind[], examples: readonly Example[], gains: Float64Array): Slice[] {
  return kinds
    .map(({ label, holds }) => {
      const inside = gains.filter((_, index) => {
        const example = examples[index];
        return example !== undefined && holds(example);
      });
      return { label, examples: inside.length, value: meanPercent(inside) };
    })
    .filter((each) => each.examples > 0);
}

/** One slice for each range of context lengths. */
export function sliceByLength(
  examples: readonly Example[],
  ranks: Float64Array,
  kind: MetricKind,
  cutoff: number,
): Slice[] {
  return slice(LENGTHS, examples, gainsOf(ranks, kind, cutoff));
}

/** One slice for answers that are new to the session, and one for those that it has seen. */
export function sliceByNovelty(
  examples: readonly Example[],
  ranks: Float64Array,
  kind: MetricKind,
  cutoff: number,
): Slice[] {
  return slice(KINDS, examples, gainsOf(ranks, kind, cutoff));
}
