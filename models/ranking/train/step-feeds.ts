// Lists of candidates as the tensors of one training step.
import { floats } from "../../runtime/feeds.ts";
import type { Tensor } from "../../runtime/runtime.ts";
import type { RankingConfig } from "../config.ts";
import type { ModelShape } from "../model.ts";
import type { RankedList } from "./training-set.ts";

/** All inputs of `buildRankingStep` but the optimiser's. Lists that are missing or short leave empty entries. */
export function buildStepFeeds(
  lists: readonly RankedList[],
  config: RankingConfig,
  shape: ModelShape,
): Record<string, Tensor> {
  const { batch, listLength } = config;
  const { width, tasks } = shape;
  const indexes = batch * listLength;
  const features = new Float32Array(indexes * width);
  const present = new Float32Array(indexes);
  const clicked = new Float32Array(indexes);
  const cart = new Float32Array(indexes);
  const purchase = new Float32Array(indexes);
  const weight = new Float32Array(indexes);
  const stoodFor = lists.reduce((sum, list) => sum + list.weight.reduce((a, b) => a + b, 0), 0);
  for (const [row, list] of lists.entries()) {
    const at = row * listLength;
    features.set(list.features, at * width);
    present.fill(1, at, at + list.count);
    clicked[at + list.clicked] = 1;
    weight.set(
      list.weight.map((candidates) => candidates / stoodFor),
      at,
    );
    if (list.labels === null) continue;
    cart.set(list.labels.cart, at);
    purchase.set(list.labels.purchase, at);
  }
  const matrix = (data: Float32Array): Tensor => floats(data, [batch, listLength]);
  const feeds: Record<string, Tensor> = {
    features: floats(features, [indexes, width]),
    present: matrix(present),
    clicked: matrix(clicked),
  };
  if (tasks.includes("cart")) feeds["cart"] = matrix(cart);
  if (tasks.includes("purchase")) feeds["purchase"] = matrix(purchase);
  if (tasks.length > 1) feeds["weight"] = matrix(weight);
  return feeds;
}
