// Which policy answers this shopper: the surface's own, or that of a variant.
import { assignVariant } from "./experiment/assign.ts";
import type { Experiment } from "./experiment/contract.ts";
import type { Purpose } from "./contract.ts";
import type { ModelSet } from "./model-set.ts";
import { mergePolicies } from "./policy.ts";
import type { Policy } from "./policy.ts";
import type { Arm } from "./rank-arm.ts";

/** One arm, or the two of an interleaving, the control first. */
export type Choice = { experiment: Experiment | null; arms: readonly [Arm] | readonly [Arm, Arm] };

export function chooseArms(
  about: { purpose: Purpose; shopper: string | null; policy: Policy; models: ModelSet },
  experiments: readonly Experiment[],
): Choice {
  const { purpose, shopper, policy, models } = about;
  const alone: Choice = { experiment: null, arms: [{ name: null, policy, models }] };
  const experiment = experiments.find(
    ({ status, surfaces }) => status === "running" && surfaces.includes(purpose),
  );
  if (experiment === undefined || shopper === null) return alone;
  const assigned = assignVariant(experiment, shopper);
  if (assigned === null) return alone;
  const toArm = (variant: Experiment["variants"][number]): Arm => ({
    name: variant.name,
    policy: mergePolicies(policy, variant.policy),
    models,
  });
  const [control, other] = experiment.variants;
  if (experiment.kind === "interleaving" && control !== undefined && other !== undefined) {
    return { experiment, arms: [toArm(control), toArm(other)] };
  }
  return { experiment, arms: [toArm(assigned)] };
}
