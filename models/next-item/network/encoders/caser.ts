// Caser (Tang and Wang, WSDM 2018): convolution filters over the last few events as over an image. Horizontal filters
// span several events and are pooled over time, vertical ones weigh the events. Here at every slot at once.
import { add, maximum, mul } from "../../../graph/ops/arithmetic.ts";
import { relu } from "../../../graph/ops/elementwise.ts";
import { concat, reshape, slice } from "../../../graph/ops/layout.ts";
import { linear } from "../../../graph/ops/matmul.ts";
import { ZERO, scaledNormal } from "../../../optimise/parameters.ts";
import type { Parameter } from "../../../optimise/parameters.ts";
import type { Value } from "../../../graph/graph.ts";
import { earlier } from "../../data/slots.ts";
import type { Encoder } from "./encoder.ts";

/** Events that a filter can see. */
const WINDOW = 5;
/** Vertical filters; the authors use 4. */
const VERTICAL = 4;

export const caser: Encoder = {
  name: "caser",

  parameters({ dim }) {
    const filters = Math.max(1, Math.floor(dim / 4));
    const horizontal = heights().flatMap((height): Parameter[] => [
      {
        name: `height${height}`,
        shape: [height * dim, filters],
        initial: scaledNormal(height * dim),
      },
      { name: `height${height}.bias`, shape: [filters], initial: ZERO },
    ]);
    const features = WINDOW * filters + VERTICAL * dim;
    return [
      ...horizontal,
      { name: "vertical", shape: [WINDOW, VERTICAL], initial: scaledNormal(WINDOW) },
      { name: "out", shape: [features, dim], initial: scaledNormal(features) },
      { name: "out.bias", shape: [dim], initial: ZERO },
    ];
  },

  encode(x, slots, bound, dropout, { length }) {
    const window = Array.from({ length: Math.min(WINDOW, length) }, (_, by) =>
      earlier(x, slots, by),
    );
    const horizontal = heights()
      .filter((height) => height <= window.length)
      .map((height) =>
        pooled(window, bound(`height${height}`), bound(`height${height}.bias`), height),
      );
    const vertical = Array.from({ length: VERTICAL }, (_, filter) =>
      weighted(window, slice(bound("vertical"), 1, filter, filter + 1)),
    );
    const [first, ...rest] = [...horizontal, ...vertical];
    if (!first) throw new Error("Caser has filters of at least one height");
    const features = dropout(concat([first, ...rest], 2));
    return add(x, linear(features, bound("out"), bound("out.bias")));
  },
};

function heights(): number[] {
  return Array.from({ length: WINDOW }, (_, i) => i + 1);
}

/** The strongest answer of the filters over all slots in the window: [batch, length, filters]. */
function pooled(window: readonly Value[], weights: Value, bias: Value, height: number): Value {
  const answers = Array.from({ length: window.length - height + 1 }, (_, from) => {
    const [first, ...rest] = window.slice(from, from + height);
    if (!first) throw new Error("the window is shorter than the filter");
    return relu(linear(concat([first, ...rest], 2), weights, bias));
  });
  return answers.reduce((best, answer) => maximum(best, answer));
}

/** A weighted sum of the window's events, [batch, length, dim]; `weights` [WINDOW, 1]. */
function weighted(window: readonly Value[], weights: Value): Value {
  return window
    .map((x, by) => mul(x, reshape(slice(weights, 0, by, by + 1), [])))
    .reduce((sum, part) => add(sum, part));
}
