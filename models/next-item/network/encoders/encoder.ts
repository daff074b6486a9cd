// What every session encoder is: it declares its parameters and turns embedded events into states, as graph.
// It knows neither items nor losses.
import type { Bound, Parameter } from "../../../optimise/parameters.ts";
import type { Value } from "../../../graph/graph.ts";
import type { EncoderName } from "../../config.ts";
import type { Slots } from "../../data/slots.ts";

/** The part of the configuration that shapes an encoder. */
export type EncoderShape = {
  dim: number;
  layers: number;
  heads: number;
  length: number;
};

/** Drops elements while training; the identity while serving. */
export type Dropout = (x: Value) => Value;

export interface Encoder {
  readonly name: EncoderName;
  parameters(shape: EncoderShape): Parameter[];
  /**
   * `x` [batch, length, dim] holds embedded events; several sessions may share a row (`slots` tells which).
   * The length may be known only when the graph runs; then no gradient is wanted.
   * State t of the result [batch, length, dim] depends on events <= t of the same session and on nothing else.
   */
  encode(x: Value, slots: Slots, bound: Bound, dropout: Dropout, shape: EncoderShape): Value;
}

/** Names of a layer's parameters start with this. */
export function layerPrefix(layer: number): string {
  return `layer${layer}.`;
}
