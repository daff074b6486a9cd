// Which policy and which model answer this shopper: the surface's own, a variant's, a canary's.
import { assignVariant, drawShare } from "./experiment/assign.ts";
import type { Experiment, Variant } from "./experiment/contract.ts";
import type { Purpose } from "./contract.ts";
import type { NextItemSource } from "./next-item.ts";
import { mergePolicies } from "./policy.ts";
import type { Policy } from "./policy.ts";
import type { Arm } from "./rank-arm.ts";

/** The model beside the one that serves. `shadow`: it scores too, but nobody sees it. `canary`: `share` of shoppers do. */
export type Challenger = { source: NextItemSource; mode: "shadow" | "canary"; share: number };

export type Models = { champion: NextItemSource | null; challenger: Challenger | null };

/** One arm, or the two of an interleaving, the control first. */
export type Choice = { experiment: Experiment | null; arms: readonly [Arm] | readonly [Arm, Arm] };

export function chooseArms(
  about: { purpose: Purpose; shopper: string | null; policy: Policy },
  experiments: readonly Experiment[],
  models: Models,
): Choice {
  const { purpose, shopper, policy } = about;
  const plain = { name: null, policy, nextItem: chooseModel(shopper, models) };
  const experiment = experiments.find(
    ({ status, surfaces }) => status === "running" && surfaces.includes(purpose),
  );
  if (experiment === undefined || shopper === null) return { experiment: null, arms: [plain] };
  const assigned = assignVariant(experiment, shopper);
  if (assigned === null) return { experiment: null, arms: [plain] };
  const [control, other] = experiment.variants.map((variant) => toArm(variant, policy, models));
  if (experiment.kind === "interleaving" && control !== undefined && other !== undefined) {
    return { experiment, arms: [control, other] };
  }
  return { experiment, arms: [toArm(assigned, policy, models)] };
}

/** Without a challenger its variant has the champion: the variants then differ in nothing, and that is what shows. */
function toArm({ name, policy, model }: Variant, base: Policy, models: Models): Arm {
  const challenger = model === "challenger" ? models.challenger?.source : undefined;
  return { name, policy: mergePolicies(base, policy), nextItem: challenger ?? models.champion };
}

/** Somebody who cannot be told from others never sees a canary: it would come and go between two pages. */
function chooseModel(shopper: string | null, { champion, challenger }: Models) {
  if (challenger?.mode !== "canary" || shopper === null) return champion;
  const share = drawShare(`canary:${challenger.source.model.version}`, shopper);
  return share < challenger.share ? challenger.source : champion;
}
