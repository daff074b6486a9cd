// The slots of a packed row: which session holds each of them, and how far it is into that session.
// From these come all masks, so no encoder can look into a neighbour's session or into the future.
import { mul } from "../../graph/ops/arithmetic.ts";
import { reshape, shift } from "../../graph/ops/layout.ts";
import { and, cast, equal, greaterOrEqual } from "../../graph/ops/select.ts";
import type { Dim } from "../../graph/shape.ts";
import type { Value } from "../../graph/graph.ts";

export type Slots = {
  batch: Dim;
  length: Dim;
  /** Session number of each slot, -1 where it is empty: int32 [batch, length]. */
  segment: Value;
  /** Index in the session, from 0: int64 [batch, length]. */
  position: Value;
};

/** No session has this number; it stands for "before the row began". */
const NO_SEGMENT = -2;

/** 1 where slot i may see slot j (same session, j <= i): float32 [batch, 1, length, length]. */
export function attentionMask({ batch, length, segment, position }: Slots): Value {
  const compare = (op: (a: Value, b: Value) => Value, x: Value) =>
    op(reshape(x, [batch, 1, length, 1]), reshape(x, [batch, 1, 1, length]));
  return cast(and(compare(equal, segment), compare(greaterOrEqual, position)), "float32");
}

/** 1 where the slot `by` slots earlier belongs to the same session: float32 [batch, length, 1]. */
export function continues({ batch, length, segment }: Slots, by: number): Value {
  const none = segment.graph.constant(Int32Array.of(NO_SEGMENT), [1], "int32");
  const moved = segment.graph.apply("Sub", [segment, none], segment);
  return reshape(cast(equal(moved, shift(moved, 1, by)), "float32"), [batch, length, 1]);
}

/** The event `by` slots earlier in the same session, zeros where there is none: [batch, length, dim]. */
export function earlier(x: Value, slots: Slots, by: number): Value {
  return by === 0 ? x : mul(shift(x, 1, by), continues(slots, by));
}
