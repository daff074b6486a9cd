// What a shop declares for a surface: which items may stand there and in which order. Data that comes from D1; money is
// in minor units. What is left out is as the surface has it by itself.
import * as z from "zod";
import { SEEN_POLICIES, SOURCES } from "../contract.ts";

/** In units and in minor units alike: kept as JSON and compared as numbers, any sum of a few stays exact. */
const MAX_PRICE = 1e12;

/** A half of a character would be another text when it is read again. */
const wellFormed = (text: string) => text.isWellFormed();
const name = z.string().min(1).max(1000).refine(wellFormed, "must be well-formed text");
const price = z.number().nonnegative().max(MAX_PRICE).meta({ format: "decimal" });
const id = z.string().min(1).max(256).refine(wellFormed, "must be well-formed text");
const names = z.array(name).max(200);
const values = z.union([z.string().max(64), z.number(), z.boolean()]);
/** Attribute to the values of which an item must (or must not) have one. */
const attributes = z
  .record(z.string().min(1).max(100), z.array(values).min(1).max(100))
  .refine((record) => Object.keys(record).length <= 20, "may name 20 attributes");

export const Policy = z.strictObject({
  filters: z
    .strictObject({
      categories: names.optional().describe("Only these or below."),
      not_categories: names.optional(),
      brands: names.optional(),
      not_brands: names.optional(),
      attributes: attributes.optional().describe("Of each attribute one of these values."),
      not_attributes: attributes.optional(),
      min_price: price.optional(),
      max_price: price.optional(),
    })
    .refine(
      ({ min_price = 0, max_price = MAX_PRICE }) => min_price <= max_price,
      "min_price is above max_price, so nothing could be shown",
    )
    .optional(),
  exclude: z.array(id).max(1000).optional().describe("Ids that never appear."),
  pinned: z
    .array(z.strictObject({ item_id: id, position: z.int().min(0).max(99) }))
    .max(20)
    .refine((pins) => new Set(pins.map(({ position }) => position)).size === pins.length, {
      message: "two items cannot have one position",
    })
    .optional()
    .describe("Items with a fixed position, from 0; they too must pass every filter."),
  boosts: z
    .array(
      z
        .strictObject({
          factor: z.number().min(0.01).max(100).describe("Multiplies the score."),
          item_ids: z.array(id).min(1).max(1000).optional(),
          category: name.optional(),
          brand: name.optional(),
          attribute: z.strictObject({ name, value: values }).optional(),
        })
        .refine(
          ({ item_ids, category, brand, attribute }) =>
            [item_ids, category, brand, attribute].some((each) => each !== undefined),
          "must say what it boosts",
        ),
    )
    .max(50)
    .optional()
    .describe(
      "An item that several boosts name has their product; a boost applies where all it names holds.",
    ),
  seen: z.enum(SEEN_POLICIES).optional(),
  bought: z.enum(SEEN_POLICIES).optional().describe("The same for what the shopper has bought."),
  diversity: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("0: by score alone; towards 1: as unlike each other as can be (MMR)."),
  max_per_category: z.int().min(1).max(100).optional(),
  sources: z
    .partialRecord(z.enum(SOURCES), z.number().min(0).max(10))
    .optional()
    .describe("Weights of sources, in place of those that the surface has; 0 switches one off."),
});

export type Policy = z.infer<typeof Policy>;

export const NO_POLICY: Policy = {};

/** What was merged before, so that the same two give the same object and it need not be compiled anew. */
const MERGED = new WeakMap<Policy, WeakMap<Policy, Policy>>();

/** The second wins, key by key: a variant says only what it does differently. */
export function mergePolicies(base: Policy, change: Policy): Policy {
  const known = MERGED.get(base) ?? new WeakMap<Policy, Policy>();
  MERGED.set(base, known);
  const merged = known.get(change) ?? { ...base, ...change };
  known.set(change, merged);
  return merged;
}

/** null where the text is no policy, say one of a later release. */
export function readPolicy(body: string): Policy | null {
  const parsed = Policy.safeParse(parseJson(body));
  return parsed.success ? parsed.data : null;
}

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The caller's schema says no to it.
    return undefined;
  }
}
