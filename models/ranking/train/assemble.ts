// Encoders and sources of the right size, put together for one log.
import type { NextItemData } from "../../next-item/data/dataset.ts";
import type { FrozenEncoder } from "./encoder-pair.ts";
import { roundedVectors } from "../../next-item/network/item-vectors.ts";
import { Pipeline } from "../features/pipeline.ts";
import { clicksOf } from "./replay.ts";
import { createSources } from "../features/sources.ts";
import type { LogSize } from "../features/sources.ts";

/** A pipeline that has seen nothing yet. */
export function assemble(
  encoders: readonly FrozenEncoder[],
  logSize: LogSize,
  shopper: boolean,
): Pipeline {
  const [first] = encoders;
  if (first === undefined) throw new Error("a pipeline needs an encoder");
  const { form, weights } = first;
  const retrievers = createSources(logSize);
  return new Pipeline({
    retrievers,
    encoders,
    vectors: roundedVectors(weights.vectors, weights.config.dim, form),
    shopper,
  });
}

export function measureLog({ sessions }: NextItemData): LogSize {
  let [clicks, from, to] = [0, Infinity, -Infinity];
  for (const click of clicksOf(sessions)) {
    clicks++;
    from = Math.min(from, click.timestamp);
    to = Math.max(to, click.timestamp);
  }
  return { sessions: sessions.length, clicks, span: Math.max(1, to - from) };
}
