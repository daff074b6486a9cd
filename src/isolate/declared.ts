// What the shop declared, as an isolate holds it. A body that cannot be read (of a later release, say) is passed over
// and told, and what was read last of it goes on; a policy whose text has not changed stays the same object, so that it need not be compiled again.
import { Experiment } from "../recommend/experiment/contract.ts";
import type { ModelNames } from "../recommend/rank/model-set.ts";
import { parseJson, readPolicy } from "../recommend/rules/policy.ts";
import type { Policy } from "../recommend/rules/policy.ts";

export type DeclarationRows = {
  rules: readonly { surface: string; body: string }[];
  experiments: readonly { experiment_id: string; body: string }[];
};

/** Texts that are remembered; far more than surfaces and experiments that run at one time. */
const MAX_PARSED = 500;

export class Declared {
  policies: ReadonlyMap<string, Policy> = new Map();
  /** Those that run, the oldest first. */
  experiments: readonly Experiment[] = [];
  /** What could not be read. */
  unreadable: readonly string[] = [];
  /** Surfaces whose rules could not be read: they go on with the last that could, or none. */
  unreadableSurfaces: ReadonlySet<string> = new Set();
  #parsedPolicies = new Map<string, Policy | null>();
  #parsedExperiments = new Map<string, Experiment | null>();

  replace({ rules, experiments }: DeclarationRows): void {
    const unreadable: string[] = [];
    const policies = new Map<string, Policy>();
    const unreadableSurfaces = new Set<string>();
    for (const { surface, body } of rules) {
      const policy = remember(this.#parsedPolicies, body, readPolicy);
      if (policy === null) {
        unreadable.push(`rules of ${surface}`);
        unreadableSurfaces.add(surface);
      }
      const holds = policy ?? this.policies.get(surface);
      if (holds !== undefined) policies.set(surface, holds);
    }
    const running: Experiment[] = [];
    for (const { experiment_id, body } of experiments) {
      const experiment = remember(this.#parsedExperiments, body, readExperiment);
      if (experiment === null) unreadable.push(`experiment ${experiment_id}`);
      else if (experiment.status === "running") running.push(experiment);
    }
    this.policies = policies;
    this.experiments = running;
    this.unreadable = unreadable;
    this.unreadableSurfaces = unreadableSurfaces;
  }

  /** Sets of models that running experiments name, those of the oldest first. */
  listModels(): ModelNames[] {
    return this.experiments.flatMap(({ variants }) =>
      variants.flatMap(({ models }) => models ?? []),
    );
  }
}

/** null where the text is no experiment. */
export function readExperiment(body: string): Experiment | null {
  const parsed = Experiment.safeParse(parseJson(body));
  return parsed.success ? parsed.data : null;
}

function remember<T>(known: Map<string, T>, body: string, read: (body: string) => T): T {
  const held = known.get(body);
  if (held !== undefined) return held;
  if (known.size >= MAX_PARSED) known.clear();
  const value = read(body);
  known.set(body, value);
  return value;
}
