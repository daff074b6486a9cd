// Sampled softmax (Jean et al., 2015; the logQ correction is from Bengio and Senecal, 2008): the item that came next
// against sampled ones, as log-probabilities over cosines times a scale.
import { mul, sub } from "../../graph/ops/arithmetic.ts";
import { concat, reshape } from "../../graph/ops/layout.ts";
import { gemm } from "../../graph/ops/matmul.ts";
import { unitLength } from "../../graph/ops/normalise.ts";
import { logSumExp, sum } from "../../graph/ops/reduce.ts";
import { equal, greaterOrEqual, where } from "../../graph/ops/select.ts";
import { sizeOf } from "../../graph/shape.ts";
import type { Value } from "../../graph/graph.ts";
import { UNREACHABLE } from "./pointer.ts";

export type Choice = {
  /** Unit states, [slots, dim]. */
  states: Value;
  /** Vectors of what came next [slots, dim] and of the negatives [negatives, dim], of any length. */
  targets: Value;
  negatives: Value;
  /** Added to each negative's logit, [slots, negatives]: see `negativeBias`. */
  bias: Value;
  /** Item index of what came next, int32 [slots, 1]. */
  targetItem: Value;
  /** What each slot adds to the loss, [slots]; 0 for an empty one. */
  weight: Value;
  scale: number;
  /**
   * Pointer logits [slots, length] with the items they point at, int32 [slots, length]. With it, only the pointer
   * speaks for items of the session; `bias` has to keep them from being negatives.
   */
  pointer: { logits: Value; items: Value } | null;
};

/** Weighted mean of -log p(target), a scalar in nats. */
export function sampledSoftmaxLoss(choice: Choice): Value {
  const { states, targetItem, pointer } = choice;
  const { graph } = states;
  const scaled = mul(states, choice.scale);
  const own = sum(mul(scaled, unitLength(choice.targets)), [-1], true);
  const others = gemm(scaled, unitLength(choice.negatives), { b: true }, choice.bias);

  const slots = sizeOf(states, 0);
  const column = (x: Value) => reshape(logSumExp(x), [slots, 1]);
  if (!pointer) {
    return weighted(sub(logSumExp(concat([own, column(others)], 1)), flat(own)), choice.weight);
  }
  const never = graph.scalar(UNREACHABLE);
  const hits = column(where(equal(pointer.items, targetItem), pointer.logits, never));
  const isRepeat = greaterOrEqual(hits, graph.scalar(UNREACHABLE / 2));
  const right = where(isRepeat, hits, own);
  const first = where(isRepeat, never, own);
  const all = logSumExp(concat([first, column(others), column(pointer.logits)], 1));
  return weighted(sub(all, flat(right)), choice.weight);
}

function flat(column: Value): Value {
  return reshape(column, [sizeOf(column, 0)]);
}

function weighted(losses: Value, weight: Value): Value {
  return sum(mul(losses, weight));
}
