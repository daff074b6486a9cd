// What of a next-item version no answer of its graph shows: its vectors, its content and its scales are read beside the
// graph, item by item, so each number is looked at before the version may serve.
import * as z from "zod";
import { areFinite } from "../../registry/finite.ts";
import type { Manifest } from "../../registry/manifest.ts";
import type { ContentTable } from "../network/content.ts";
import type { ItemVectors } from "../network/item-vectors.ts";

/** Half floats and int8 rows of a unit vector are off by less. */
const MAX_NORM = 1.05;
/** Trained rows are some units long at most; beyond this, an inner product is no likeness any more. */
const MAX_CONTENT = 1e4;
/** Cosines are sharpened by tens. */
const MAX_SCALE = 1e4;
/** Rows looked at in one go, so that requests have their turn in between. */
const STRETCH = 10_000;

const Scale = z.number().positive().max(MAX_SCALE);
const Scales = z.looseObject({
  scale: Scale.optional(),
  calibration: z.looseObject({ catalogue: Scale.optional() }).optional(),
});

/** Why the scales of a manifest will not do, or null. A trainer of another kind may have none. */
export function findScaleFault({ config }: Manifest): string | null {
  return Scales.safeParse(config).success
    ? null
    : `has a scale that is not above 0 and at most ${MAX_SCALE}`;
}

/** Why the vectors will not do, or null: all are finite, none is longer than a unit vector, and not all are nothing. */
export async function findVectorFault(
  vectors: ItemVectors,
  items: number,
  yieldToRequests: () => Promise<void>,
): Promise<string | null> {
  const { dim } = vectors;
  const row = new Float64Array(dim);
  let longest = 0;
  for (let item = 0; item < items; item++) {
    if (item % STRETCH === 0) await yieldToRequests();
    vectors.read(item, row);
    let square = 0;
    for (let d = 0; d < dim; d++) square += (row[d] ?? 0) ** 2;
    if (!Number.isFinite(square)) return `has vectors that are no numbers (item ${item})`;
    longest = Math.max(longest, square);
  }
  if (longest > MAX_NORM ** 2) return "has vectors that are longer than unit vectors";
  return longest === 0 ? "has vectors of zeros only" : null;
}

export function findContentFault({ rows }: ContentTable): string | null {
  if (!areFinite(rows)) return "has content rows that are no numbers";
  return rows.some((value) => Math.abs(value) > MAX_CONTENT)
    ? `has content rows beyond ${MAX_CONTENT}`
    : null;
}
