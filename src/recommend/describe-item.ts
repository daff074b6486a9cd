// An item of the answer: its score, where it came from, why it stands there.
import type { Catalog } from "../catalog/catalog.ts";
import { loudestSource } from "./blend.ts";
import type { ShopperContext } from "./context.ts";
import type { RecommendedItem } from "./contract.ts";
import { listContributions } from "./contributions.ts";
import { explain } from "./explain.ts";
import type { RankedArm } from "./rank-arm.ts";

/** `armOf`: whose ranking brought an item in. */
export function describeItem(
  catalog: Catalog,
  context: ShopperContext,
  armOf: (item: number) => RankedArm,
  withContributions: boolean,
): (item: number, pinned: boolean, variant: string | null) => RecommendedItem {
  const contributions = new Map<RankedArm, ReturnType<typeof listContributions>>();

  function tellContributions(arm: RankedArm, slot: number) {
    if (!withContributions) return null;
    if (slot === -1) return [];
    const known = contributions.get(arm) ?? listContributions(arm.pool, arm.weights, arm.boost);
    contributions.set(arm, known);
    return known(slot);
  }

  return (item, pinned, variant) => {
    const arm = armOf(item);
    const slot = arm.pool.slotOf(item);
    const loudest = slot === -1 ? null : loudestSource(arm.pool, slot, arm.weights);
    const source = pinned ? "pinned" : (loudest ?? "fallback");
    const isOwn = source !== "pinned" && source !== "fallback";
    const anchor = isOwn ? arm.pool.anchorOf(slot, source) : -1;
    return {
      item,
      score: arm.scores[slot] ?? 0,
      source,
      variant,
      reason: explain(catalog, context, item, source, anchor),
      contributions: tellContributions(arm, slot),
    };
  };
}
