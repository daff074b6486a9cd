// HSTU (Zhai et al., "Actions Speak Louder than Words", ICML 2024): attention with SiLU weights in place of softmax,
// a relative position bias, and an elementwise gate in place of the feed-forward layer.
import { add, mul } from "../../../graph/ops/arithmetic.ts";
import { silu } from "../../../graph/ops/elementwise.ts";
import { split } from "../../../graph/ops/layout.ts";
import { linear, matmul, swapLast } from "../../../graph/ops/matmul.ts";
import { layerNorm } from "../../../graph/ops/normalise.ts";
import { ONE, ZERO, scaledNormal } from "../../../optimise/parameters.ts";
import type { Bound, Parameter } from "../../../optimise/parameters.ts";
import type { Value } from "../../../graph/graph.ts";
import { attentionMask } from "../../data/slots.ts";
import type { Slots } from "../../data/slots.ts";
import { joinHeads, relativeBias, splitHeads } from "./attention.ts";
import { layerPrefix } from "./encoder.ts";
import type { Encoder, EncoderShape } from "./encoder.ts";

/** Attention sums are divided by a constant, not by the session's length, so that a long history weighs more. */
const ATTENTION_SCALE = 1 / 16;

export const hstu: Encoder = {
  name: "hstu",

  parameters({ dim, layers, heads, length }) {
    return Array.from({ length: layers }, (_, layer): Parameter[] => {
      const at = layerPrefix(layer);
      return [
        { name: `${at}norm.gain`, shape: [dim], initial: ONE },
        { name: `${at}norm.bias`, shape: [dim], initial: ZERO },
        { name: `${at}uvqk`, shape: [dim, 4 * dim], initial: scaledNormal(dim) },
        { name: `${at}uvqk.bias`, shape: [4 * dim], initial: ZERO },
        { name: `${at}distance`, shape: [length, heads], initial: ZERO },
        { name: `${at}mixed.gain`, shape: [dim], initial: ONE },
        { name: `${at}mixed.bias`, shape: [dim], initial: ZERO },
        { name: `${at}out`, shape: [dim, dim], initial: scaledNormal(4 * dim) },
        { name: `${at}out.bias`, shape: [dim], initial: ZERO },
      ];
    }).flat();
  },

  encode(x, slots, bound, dropout, shape) {
    const mask = mul(attentionMask(slots), ATTENTION_SCALE);
    let h = x;
    for (let layer = 0; layer < shape.layers; layer++) {
      h = add(h, dropout(block(h, { slots, mask }, bound, layerPrefix(layer), shape)));
    }
    return h;
  },
};

type Reach = { slots: Slots; mask: Value };

function block(
  x: Value,
  { slots, mask }: Reach,
  bound: Bound,
  at: string,
  { dim, heads }: EncoderShape,
): Value {
  const normed = layerNorm(x, bound(`${at}norm.gain`), bound(`${at}norm.bias`));
  const projected = silu(linear(normed, bound(`${at}uvqk`), bound(`${at}uvqk.bias`)));
  const [gate, v, q, k] = split(projected, 2, [dim, dim, dim, dim]);
  if (!gate || !v || !q || !k) throw new Error("the projection has four parts");

  const scores = mul(
    matmul(splitHeads(q, heads), swapLast(splitHeads(k, heads))),
    1 / Math.sqrt(dim / heads),
  );
  const biased = add(scores, relativeBias(bound(`${at}distance`), slots));
  const mixed = joinHeads(matmul(mul(silu(biased), mask), splitHeads(v, heads)));
  const gated = mul(layerNorm(mixed, bound(`${at}mixed.gain`), bound(`${at}mixed.bias`)), gate);
  return linear(gated, bound(`${at}out`), bound(`${at}out.bias`));
}
