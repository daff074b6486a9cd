// A pointer head: beside scoring the catalogue, the model may point back at an event of the session (pointer networks,
// Vinyals et al., 2015; for sessions RepeatNet, Ren et al., 2019). Shoppers come back to what they saw, or do not, and
// vectors say that poorly: a state is always close to the items that it was made of. So the pointer alone speaks for
// items of the session, the catalogue for all others, and both share one softmax.
import { add, mul } from "../../graph/ops/arithmetic.ts";
import { reshape } from "../../graph/ops/layout.ts";
import { linear, matmul, swapLast } from "../../graph/ops/matmul.ts";
import { greaterOrEqual, where } from "../../graph/ops/select.ts";
import { ZERO } from "../../optimise/parameters.ts";
import type { Bound, Parameter } from "../../optimise/parameters.ts";
import type { Value } from "../../graph/graph.ts";
import { relativeBias } from "./encoders/attention.ts";
import type { EncoderShape } from "./encoders/encoder.ts";
import { attentionMask } from "../data/slots.ts";
import type { Slots } from "../data/slots.ts";

/** The logit of a slot that may not be pointed at; its share of a softmax is zero in float32. */
export const UNREACHABLE = -1e9;

export function pointerParameters({ dim, length }: EncoderShape): Parameter[] {
  const initial = { kind: "normal", deviation: 0.5 / Math.sqrt(dim) } as const;
  return [
    { name: "pointer.query", shape: [dim, dim], initial },
    { name: "pointer.key", shape: [dim, dim], initial },
    { name: "pointer.distance", shape: [length, 1], initial: ZERO },
    { name: "pointer.gate", shape: [dim, 1], initial },
    { name: "pointer.gate.bias", shape: [1], initial: ZERO },
  ];
}

/** Logit of slot i pointing at slot j of its own session, j <= i: [batch, length, length]. */
export function pointerLogits(
  hidden: Value,
  embedded: Value,
  slots: Slots,
  bound: Bound,
  { dim }: EncoderShape,
): Value {
  const { batch, length } = slots;
  const query = linear(hidden, bound("pointer.query"));
  const key = linear(embedded, bound("pointer.key"));
  const match = mul(matmul(query, swapLast(key)), 1 / Math.sqrt(dim));
  const distance = reshape(relativeBias(bound("pointer.distance"), slots), [1, length, length]);
  const gate = linear(hidden, bound("pointer.gate"), bound("pointer.gate.bias"));
  const logits = add(add(match, distance), gate);
  const reachable = reshape(attentionMask(slots), [batch, length, length]);
  const { graph } = hidden;
  return where(greaterOrEqual(reachable, graph.scalar(0.5)), logits, graph.scalar(UNREACHABLE));
}
