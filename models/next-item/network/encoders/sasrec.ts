// SASRec (Kang and McAuley, "Self-Attentive Sequential Recommendation", ICDM 2018): a causal transformer,
// here with the normalisation before each part, as later transformers have it.
import { add, mul } from "../../../graph/ops/arithmetic.ts";
import { gelu } from "../../../graph/ops/elementwise.ts";
import { split } from "../../../graph/ops/layout.ts";
import { lookup } from "../../../graph/ops/lookup.ts";
import { linear, matmul, swapLast } from "../../../graph/ops/matmul.ts";
import { layerNorm } from "../../../graph/ops/normalise.ts";
import { softmax } from "../../../graph/ops/reduce.ts";
import { ONE, ZERO, scaledNormal } from "../../../optimise/parameters.ts";
import type { Bound, Parameter } from "../../../optimise/parameters.ts";
import type { Value } from "../../../graph/graph.ts";
import { attentionMask } from "../../data/slots.ts";
import { joinHeads, splitHeads } from "./attention.ts";
import { layerPrefix } from "./encoder.ts";
import type { Encoder } from "./encoder.ts";

/** Added to the score of a forbidden slot; its weight is then zero in float32. */
const FORBIDDEN = -1e9;
/** Width of the feed-forward layer, in widths of the model. */
const WIDENING = 2;

export const sasrec: Encoder = {
  name: "sasrec",

  parameters({ dim, layers, length }) {
    const wide = dim * WIDENING;
    const perLayer = Array.from({ length: layers }, (_, layer): Parameter[] => {
      const at = layerPrefix(layer);
      return [
        { name: `${at}norm.gain`, shape: [dim], initial: ONE },
        { name: `${at}norm.bias`, shape: [dim], initial: ZERO },
        { name: `${at}qkv`, shape: [dim, 3 * dim], initial: scaledNormal(dim) },
        { name: `${at}out`, shape: [dim, dim], initial: scaledNormal(4 * dim) },
        { name: `${at}norm2.gain`, shape: [dim], initial: ONE },
        { name: `${at}norm2.bias`, shape: [dim], initial: ZERO },
        { name: `${at}up`, shape: [dim, wide], initial: scaledNormal(dim) },
        { name: `${at}up.bias`, shape: [wide], initial: ZERO },
        { name: `${at}down`, shape: [wide, dim], initial: scaledNormal(4 * wide) },
        { name: `${at}down.bias`, shape: [dim], initial: ZERO },
      ];
    });
    const indexes: Parameter = {
      name: "places",
      shape: [length, dim],
      initial: { kind: "normal", deviation: 0.02 },
    };
    return [indexes, ...perLayer.flat()];
  },

  encode(x, slots, bound, dropout, { layers, dim, heads }) {
    const forbidden = mul(add(attentionMask(slots), -1), -FORBIDDEN);
    let h = add(x, lookup(bound("places"), slots.position));
    for (let layer = 0; layer < layers; layer++) {
      const at = layerPrefix(layer);
      const attended = attend(h, forbidden, bound, at, { dim, heads });
      h = add(h, dropout(attended));
      h = add(h, dropout(feedForward(h, bound, at)));
    }
    return h;
  },
};

function attend(
  x: Value,
  forbidden: Value,
  bound: Bound,
  at: string,
  { dim, heads }: { dim: number; heads: number },
): Value {
  const normed = layerNorm(x, bound(`${at}norm.gain`), bound(`${at}norm.bias`));
  const [q, k, v] = split(linear(normed, bound(`${at}qkv`)), 2, [dim, dim, dim]);
  if (!q || !k || !v) throw new Error("the projection has three parts");
  const scores = matmul(splitHeads(q, heads), swapLast(splitHeads(k, heads)));
  const weights = softmax(add(mul(scores, 1 / Math.sqrt(dim / heads)), forbidden));
  return linear(joinHeads(matmul(weights, splitHeads(v, heads))), bound(`${at}out`));
}

function feedForward(x: Value, bound: Bound, at: string): Value {
  const normed = layerNorm(x, bound(`${at}norm2.gain`), bound(`${at}norm2.bias`));
  const wide = gelu(linear(normed, bound(`${at}up`), bound(`${at}up.bias`)));
  return linear(wide, bound(`${at}down`), bound(`${at}down.bias`));
}
