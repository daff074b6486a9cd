// The policies of all surfaces in an isolate, each compiled when it is first used after it or the catalogue changed.
import type { Catalog } from "../../catalog/catalog.ts";
import { compilePolicy } from "./compile-policy.ts";
import type { CompiledPolicy } from "./compile-policy.ts";
import type { Surface } from "../contract.ts";
import { NO_POLICY } from "./policy.ts";
import type { Policy } from "./policy.ts";

export class PolicyBook {
  readonly #catalog: Catalog;
  #policies: ReadonlyMap<string, Policy> = new Map();
  #compiled = new WeakMap<Policy, { cursor: number; size: number; compiled: CompiledPolicy }>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** By surface. A policy that is the same object as before keeps what it was compiled to. */
  replace(policies: ReadonlyMap<string, Policy>): void {
    this.#policies = policies;
  }

  of(surface: Surface): Policy {
    return this.#policies.get(surface) ?? NO_POLICY;
  }

  compile(policy: Policy): CompiledPolicy {
    const { cursor, size } = this.#catalog;
    const known = this.#compiled.get(policy);
    if (known?.cursor === cursor && known.size === size) return known.compiled;
    const compiled = compilePolicy(this.#catalog, policy);
    this.#compiled.set(policy, { cursor, size, compiled });
    return compiled;
  }
}
