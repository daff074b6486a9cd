// The places of a packed row: which session holds each of them, and how far it is into that session.
// From these come all masks, so no encoder can look into a neighbour's session or into the future.
import { mul } from "../graph/ops/arithmetic.ts";
import { pad, reshape, slice } from "../graph/ops/layout.ts";
import { cast, equal } from "../graph/ops/select.ts";
import type { Dim, Value } from "../graph/value.ts";

export type Slots = {
  batch: Dim;
  length: number;
  /** Session number of each slot, -1 where it is empty: int32 [batch, length]. */
  segment: Value;
  /** Place in the session, from 0: int64 [batch, length]. */
  position: Value;
};

/** No session has this number; it stands for "before the row began". */
const NO_SEGMENT = -2;

/** 1 where slot i may see slot j (same session, j <= i): float32 [batch, 1, length, length]. */
export function attentionMask({ batch, length, segment }: Slots): Value {
  const same = equal(
    reshape(segment, [batch, 1, length, 1]),
    reshape(segment, [batch, 1, 1, length]),
  );
  const past = new Float32Array(length * length);
  for (let i = 0; i < length; i++) past.fill(1, i * length, i * length + i + 1);
  return mul(cast(same, "float32"), segment.graph.constant(past, [1, 1, length, length]));
}

/** 1 where the slot `by` places earlier belongs to the same session: float32 [batch, length, 1]. */
export function continues({ batch, length, segment }: Slots, by: number): Value {
  const shift = segment.graph.constant(Int32Array.of(NO_SEGMENT), [1], "int32");
  const moved = segment.graph.apply("Sub", [segment, shift], segment);
  const earlier = pad(slice(moved, 1, 0, length - by), 1, by, 0);
  return reshape(cast(equal(moved, earlier), "float32"), [batch, length, 1]);
}

/** The event `by` places earlier in the same session, zeros where there is none: [batch, length, dim]. */
export function earlier(x: Value, slots: Slots, by: number): Value {
  if (by === 0) return x;
  const moved = pad(slice(x, 1, 0, slots.length - by), 1, by, 0);
  return mul(moved, continues(slots, by));
}
