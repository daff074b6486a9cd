// The model on one page, for training and for serving alike: events -> embedded -> encoder -> unit states.
import { add, mul } from "../../graph/ops/arithmetic.ts";
import { lookup } from "../../graph/ops/lookup.ts";
import { layerNorm, unitLength } from "../../graph/ops/normalise.ts";
import { ONE, ZERO } from "../../optimise/parameters.ts";
import type { Bound, Parameter } from "../../optimise/parameters.ts";
import type { Value } from "../../graph/graph.ts";
import type { TrainConfig } from "../config.ts";
import type { Dropout } from "./encoders/encoder.ts";
import { ENCODERS } from "./encoders/registry.ts";
import { GAP_BUCKETS } from "../data/features.ts";
import type { EventFeatures } from "../data/features.ts";
import { pointerLogits, pointerParameters } from "./pointer.ts";
import type { Slots } from "../data/slots.ts";

/** Events as the graph gets them. */
export type Events = {
  /** Vectors from the item tower, [batch, length, dim]. */
  vectors: Value;
  slots: Slots;
  /** int64 [batch, length], where the model takes them; -1 for unknown. */
  types: Value | null;
  gaps: Value | null;
};

export type Dropouts = { input: Dropout; block: Dropout };

export const KEEP_ALL: Dropouts = { input: (x) => x, block: (x) => x };

/** How far event features may move an event at first: little against its item's vector of length sqrt(dim). */
const FEATURE_DEVIATION = 0.1;

export function modelParameters(config: TrainConfig, features: EventFeatures): Parameter[] {
  const { dim } = config;
  const initial = { kind: "normal", deviation: FEATURE_DEVIATION } as const;
  return [
    ...(features.types > 0 ? [{ name: "types", shape: [features.types + 1, dim], initial }] : []),
    ...(features.gaps ? [{ name: "gaps", shape: [GAP_BUCKETS + 1, dim], initial }] : []),
    ...ENCODERS[config.encoder].parameters(config),
    { name: "final.gain", shape: [dim], initial: ONE },
    { name: "final.bias", shape: [dim], initial: ZERO },
    ...(config.pointer ? pointerParameters(config) : []),
  ];
}

/** `states` [batch, length, dim] have unit length; `pointer` [batch, length, length] is null without a pointer head. */
export function encodeEvents(
  events: Events,
  bound: Bound,
  dropouts: Dropouts,
  config: TrainConfig,
): { states: Value; pointer: Value | null } {
  const { slots, types, gaps } = events;
  // Elements of variance 1, as the encoders' layers expect them.
  const items = mul(unitLength(events.vectors), Math.sqrt(config.dim));
  const typed = types ? add(items, lookup(bound("types"), fromUnknown(types))) : items;
  const embedded = gaps ? add(typed, lookup(bound("gaps"), fromUnknown(gaps))) : typed;

  const encoder = ENCODERS[config.encoder];
  const h = encoder.encode(dropouts.input(embedded), slots, bound, dropouts.block, config);
  const hidden = layerNorm(h, bound("final.gain"), bound("final.bias"));
  return {
    states: unitLength(hidden),
    pointer: config.pointer ? pointerLogits(hidden, embedded, slots, bound, config) : null,
  };
}

/** Row 0 of a feature's table stands for "unknown", which is -1 in the input. */
function fromUnknown(index: Value): Value {
  const { graph } = index;
  return graph.apply("Add", [index, graph.ints([1])], index);
}
