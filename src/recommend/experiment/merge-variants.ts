// One order out of the rankings of one variant, or of the two that an interleaving compares.
import type { RankedVariant } from "../rank/rank.ts";
import { draftTeams, tossFrom } from "./team-draft.ts";

export type Merged = {
  /** Items, best first. */
  order: readonly number[];
  /** The variant whose ranking brought an item in. */
  rankedBy: (item: number) => RankedVariant;
  /** Its name; null for what two of them have in common. */
  variantOf: (item: number) => string | null;
  /** The first variant: its rules hold for the list. */
  control: RankedVariant;
};

/** @param seed of the coin that says which of two variants picks first */
export function mergeVariants([control, other]: readonly RankedVariant[], seed: number): Merged {
  if (control === undefined) throw new Error("a request has at least one way to rank");
  if (other === undefined) {
    const { ranking, name } = control;
    return { order: ranking, rankedBy: () => control, variantOf: () => name, control };
  }
  const drafted = draftTeams(control.ranking, other.ranking, tossFrom(seed));
  const picked = new Map(drafted.map(({ item, team }) => [item, team === 1 ? other : control]));
  return {
    order: drafted.map(({ item }) => item),
    rankedBy: (item) => picked.get(item) ?? control,
    variantOf: (item) => picked.get(item)?.name ?? null,
    control,
  };
}
