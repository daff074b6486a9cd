// Which policy answers this shopper: the surface's own, or that of a variant.
import { assignVariant, drawShare } from "./assign.ts";
import type { Experiment, Variant } from "./contract.ts";
import type { Surface } from "../contract.ts";
import type { FindModels, ModelSet } from "../rank/model-set.ts";
import { mergePolicies } from "../rules/policy.ts";
import type { Policy } from "../rules/policy.ts";
import type { ShopperContext } from "../context.ts";

/** One way to answer. `name`: null outside an experiment. `models`: those that it asks. */
export type ServedVariant = { name: string | null; policy: Policy; models: ModelSet };

/** One variant, or the two of an interleaving, the control first. */
export type Choice = {
  experiment: Experiment | null;
  variants: readonly [ServedVariant] | readonly [ServedVariant, ServedVariant];
};

export type ChoiceAbout = {
  surface: Surface;
  shopper: string | null;
  policy: Policy;
  models: ModelSet;
  findModels: FindModels;
};

/**
 * Nobody takes part where the models of one variant are not open here: if only those who should get them stayed away, the
 * others would no longer be like them.
 */
export function chooseVariants(about: ChoiceAbout, experiments: readonly Experiment[]): Choice {
  const { surface, shopper, policy, models } = about;
  const alone: Choice = { experiment: null, variants: [{ name: null, policy, models }] };
  const experiment = experiments.find(
    ({ kind, status, surfaces }) =>
      kind !== "shadow" && status === "running" && surfaces.includes(surface),
  );
  if (experiment === undefined || shopper === null) return alone;
  const assigned = assignVariant(experiment, shopper);
  if (assigned === null) return alone;
  const variants = new Map<string, ServedVariant>();
  for (const variant of experiment.variants) {
    const opened = openVariant(about, variant);
    if (opened === null) return alone;
    variants.set(variant.name, opened);
  }
  const chosen = variants.get(assigned.name);
  const [control, other] = variants.values();
  if (experiment.kind === "interleaving" && control !== undefined && other !== undefined) {
    return { experiment, variants: [control, other] };
  }
  return chosen === undefined ? alone : { experiment, variants: [chosen] };
}

/** A list that a shadow is to work out after the answer. */
export type ShadowChoice = { experiment: Experiment; variant: ServedVariant };

/** With what the challenger needs to answer the same request later. */
export type ShadowTask = ShadowChoice & { context: ShopperContext };

/** @param list the id of the list, by which it is drawn */
export function chooseShadow(
  about: ChoiceAbout,
  experiments: readonly Experiment[],
  list: string,
): ShadowChoice | null {
  const experiment = experiments.find(
    ({ kind, status, surfaces }) =>
      kind === "shadow" && status === "running" && surfaces.includes(about.surface),
  );
  const challenger = experiment?.variants[1];
  if (experiment === undefined || challenger === undefined) return null;
  if (drawShare(experiment.experiment_id, list) >= experiment.traffic) return null;
  const variant = openVariant(about, challenger);
  return variant === null ? null : { experiment, variant };
}

/** null where the models that the variant names are not open in this isolate. */
function openVariant(
  { policy, models, findModels }: ChoiceAbout,
  variant: Variant,
): ServedVariant | null {
  const own = variant.models === undefined ? models : findModels(variant.models);
  if (own === null) return null;
  return { name: variant.name, policy: mergePolicies(policy, variant.policy), models: own };
}
