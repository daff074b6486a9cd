// An experiment as the shop declares it: who takes part, and what each variant does differently.
import * as z from "zod";
import { VERSION_PATTERN } from "../../../models/registry/keys.ts";
import { SURFACES } from "../contract.ts";
import { Policy } from "../rules/policy.ts";
import { SURFACE_TABLE } from "../surfaces.ts";

/** Keys of a policy that make a ranking; the others say what may be shown at all, which one list cannot do two ways. */
const RANKING_KEYS = new Set(["sources", "boosts", "diversity"]);

const Version = z.string().regex(VERSION_PATTERN).optional();

const Variant = z.strictObject({
  name: z.string().regex(/^[\w-]{1,32}$/),
  weight: z.number().positive().max(1000).default(1).describe("Share of the shoppers, relative."),
  policy: Policy.default({}).describe("What differs from the rules of the surface, key by key."),
  models: z
    .strictObject({ next_item: Version, ranking: Version })
    .refine(({ next_item, ranking }) => (next_item ?? ranking) !== undefined, "names no version")
    .optional()
    .describe("Versions that answer in place of those that serve. What is not named serves."),
});

export const METRICS = ["click", "conversion", "revenue"] as const;
export type Metric = (typeof METRICS)[number];

export const ExperimentId = z.string().regex(/^[\w-]{1,64}$/);

/** Without its id, which is in the address. */
export const Declaration = z.strictObject({
  description: z.string().max(1000).default(""),
  status: z.enum(["running", "stopped"]),
  kind: z
    .enum(["split", "interleaving", "shadow"])
    .default("split")
    .describe(
      "`split`: each shopper sees one variant. `interleaving`: each list is drafted from both rankings. `shadow`: all " +
        "see the first, which is what serves; what the second would have shown is worked out after the answer.",
    ),
  surfaces: z.array(z.enum(SURFACES)).min(1),
  traffic: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe("Share of shoppers who take part; of a shadow, share of lists."),
  metric: z.enum(METRICS).default("click").describe("What decides it."),
  planned_shoppers: z
    .int()
    .min(100)
    .max(100_000_000)
    .default(10_000)
    .describe("Where the intervals are to be tightest. They hold at any other number too."),
  variants: z.array(Variant).min(2).max(10).describe("The first is what the others are held to."),
});

export const Experiment = Declaration.extend({ experiment_id: ExperimentId }).superRefine(
  ({ kind, surfaces, variants }, context) => {
    const refuse = (message: string) =>
      context.addIssue({ code: "custom", path: ["variants"], message });
    const same = surfaces.find((surface) => !SURFACE_TABLE[surface].personal);
    if (kind !== "shadow" && same !== undefined) {
      refuse(`lists of "${same}" are the same for all, so nobody can be assigned to a variant`);
    }
    if (new Set(variants.map(({ name }) => name)).size < variants.length) {
      refuse("two variants have one name");
    }
    if (kind === "split") return;
    if (variants.length !== 2) refuse(`an experiment of kind ${kind} has two variants`);
    if (kind === "shadow") {
      const [first] = variants;
      if (first?.models !== undefined || Object.keys(first?.policy ?? {}).length > 0) {
        refuse("the first variant of a shadow is what serves, so it says nothing");
      }
      return;
    }
    const keys = variants.flatMap(({ policy }) => Object.keys(policy));
    const strange = keys.find((key) => !RANKING_KEYS.has(key));
    if (strange !== undefined) refuse(`one list cannot have two of "${strange}"`);
  },
);

export type Experiment = z.infer<typeof Experiment>;
export type Variant = Experiment["variants"][number];
