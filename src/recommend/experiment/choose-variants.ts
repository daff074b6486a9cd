// Which policy answers this shopper: the surface's own, or that of a variant.
import { assignVariant, drawShare } from "./assign.ts";
import type { Experiment, Variant } from "./contract.ts";
import type { Purpose } from "../contract.ts";
import type { FindModels, ModelSet } from "../rank/model-set.ts";
import { mergePolicies } from "../rules/policy.ts";
import type { Policy } from "../rules/policy.ts";
import type { Arm } from "../rank/rank-variant.ts";

/** One arm, or the two of an interleaving, the control first. */
export type Choice = { experiment: Experiment | null; arms: readonly [Arm] | readonly [Arm, Arm] };

export type ChoiceAbout = {
  purpose: Purpose;
  shopper: string | null;
  policy: Policy;
  models: ModelSet;
  findModels: FindModels;
};

/**
 * Nobody takes part where the models of one variant are not open here: if only those who should get them stayed away, the
 * others would no longer be like them.
 */
export function chooseArms(about: ChoiceAbout, experiments: readonly Experiment[]): Choice {
  const { purpose, shopper, policy, models } = about;
  const alone: Choice = { experiment: null, arms: [{ name: null, policy, models }] };
  const experiment = experiments.find(
    ({ kind, status, surfaces }) =>
      kind !== "shadow" && status === "running" && surfaces.includes(purpose),
  );
  if (experiment === undefined || shopper === null) return alone;
  const assigned = assignVariant(experiment, shopper);
  if (assigned === null) return alone;
  const arms = new Map<string, Arm>();
  for (const variant of experiment.variants) {
    const arm = makeArm(about, variant);
    if (arm === null) return alone;
    arms.set(variant.name, arm);
  }
  const chosen = arms.get(assigned.name);
  const [control, other] = arms.values();
  if (experiment.kind === "interleaving" && control !== undefined && other !== undefined) {
    return { experiment, arms: [control, other] };
  }
  return chosen === undefined ? alone : { experiment, arms: [chosen] };
}

/** A list that a shadow is to work out after the answer. */
export type ShadowChoice = { experiment: Experiment; arm: Arm };

/** @param list the id of the list, by which it is drawn */
export function chooseShadow(
  about: ChoiceAbout,
  experiments: readonly Experiment[],
  list: string,
): ShadowChoice | null {
  const experiment = experiments.find(
    ({ kind, status, surfaces }) =>
      kind === "shadow" && status === "running" && surfaces.includes(about.purpose),
  );
  const variant = experiment?.variants[1];
  if (experiment === undefined || variant === undefined) return null;
  if (drawShare(experiment.experiment_id, list) >= experiment.traffic) return null;
  const arm = makeArm(about, variant);
  return arm === null ? null : { experiment, arm };
}

/** null where the models that the variant names are not open in this isolate. */
function makeArm({ policy, models, findModels }: ChoiceAbout, variant: Variant): Arm | null {
  const own = variant.models === undefined ? models : findModels(variant.models);
  if (own === null) return null;
  return { name: variant.name, policy: mergePolicies(policy, variant.policy), models: own };
}
