// A list of recommendations as the API shows it, for every route that answers with one.
import * as z from "zod";
import type { Catalog } from "../../catalog/catalog.ts";
import type { Recommendation, RecommendedItem } from "../../recommend/contract.ts";
import { writeCursor } from "../../recommend/paging.ts";
import type { Money } from "../../shop/money.ts";
import { Amount, toDecimal } from "../../shop/units.ts";

const RecommendedItemSchema = z
  .object({
    item_id: z.string(),
    title: z.string().nullable(),
    category: z.string().nullable(),
    brand: z.string().nullable(),
    price: Amount.nullable(),
    image_url: z.string().nullable(),
    url: z.string().nullable(),
    score: z
      .number()
      .describe("Comparable within this list only; 0 where a fallback filled it up."),
    source: z.string().meta({ example: "next_item" }),
    variant: z.string().nullable().describe("Of the experiment."),
    reason: z.object({
      code: z.string().meta({ example: "because_viewed" }),
      text: z.string().meta({ example: "Because you viewed Hiking boots" }),
      item_id: z.string().optional(),
      category: z.string().optional(),
    }),
    contributions: z
      .array(
        z.object({
          source: z.string(),
          rank: z.int().describe("Rank that the source itself gave the item, from 0."),
          source_score: z.number(),
          weight: z.number(),
          boost: z.number().describe("What the shop's boosts multiply it by."),
          contribution: z.number().describe("The score falls by this without the source."),
          place: z.int().describe("Rank among all candidates, before the rules, from 0."),
          place_without: z.int().describe("The same without this source."),
        }),
      )
      .optional()
      .describe(
        "With `explain=1`: by source. Of a list that a ranking model ordered, the sources whose weight was declared.",
      ),
    features: z
      .array(
        z.object({
          group: z.string().meta({ example: "session_knn" }),
          contribution: z.number().describe("The score falls by this without these features."),
          place: z.int().describe("Rank among all candidates, before the rules, from 0."),
          place_without: z.int().describe("The same without these features."),
        }),
      )
      .optional()
      .describe(
        "With `explain=1`: what each group of the ranking model's features did; empty where the blend ordered.",
      ),
  })
  .meta({ id: "RecommendedItem" });

export const RecommendationSchema = z
  .object({
    recommendation_id: z.string().describe("Send it with the events that follow from this list."),
    experiment: z.string().nullable().describe("The experiment that this list is part of."),
    model_version: z.string().nullable().describe("The next-item model that took part."),
    ranking_version: z
      .string()
      .nullable()
      .describe(
        "The ranking model that put the list in order; null: the weights of its sources did.",
      ),
    personal: z.boolean().describe("Whether the shopper's own history took part."),
    unverified: z
      .boolean()
      .describe("The `user_id` came without proof: the list is not that user's."),
    degraded: z
      .array(z.enum(["catalog", "events", "model", "rules", "shopper"]))
      .describe("What was missing, or not there in time, for this answer."),
    currency: z.string(),
    items: z.array(RecommendedItemSchema),
    next_cursor: z
      .string()
      .nullable()
      .describe("Ask with `cursor` for the next page; null: there is none."),
  })
  .meta({ id: "Recommendation" });

export function presentRecommendation(
  shown: Recommendation,
  catalog: Catalog,
  money: Money,
): Omit<z.infer<typeof RecommendationSchema>, "unverified"> {
  return {
    recommendation_id: shown.recommendation_id,
    experiment: shown.experiment,
    model_version: shown.model_version,
    ranking_version: shown.ranking_version,
    personal: shown.personal,
    degraded: shown.degraded,
    currency: money.currency,
    items: shown.items.map((entry) => presentItem(entry, catalog, money)),
    next_cursor: shown.next === null ? null : writeCursor(shown.next),
  };
}

function presentItem(
  { item, score, source, variant, reason, contributions, features }: RecommendedItem,
  catalog: Catalog,
  money: Money,
): z.infer<typeof RecommendedItemSchema> {
  const price = catalog.price[item] ?? -1;
  return {
    item_id: catalog.ids[item] ?? "",
    title: catalog.titles.get(item),
    category: catalog.categories.texts[catalog.category[item] ?? -1] ?? null,
    brand: catalog.brands.texts[catalog.brand[item] ?? -1] ?? null,
    price: price < 0 ? null : toDecimal(price, money.scale),
    image_url: catalog.imageUrls.get(item),
    url: catalog.urls.get(item),
    score,
    source,
    variant,
    reason,
    ...(contributions === null ? {} : { contributions }),
    ...(features === null ? {} : { features }),
  };
}

/** The `Server-Timing` header: ms by stage. */
export function presentTimings(timings: Recommendation["timings"]): string {
  return timings.map(({ name, ms }) => `${name};dur=${ms.toFixed(2)}`).join(", ");
}

/** What a route that gives a list answers. */
export const LIST_ANSWER = {
  200: {
    description: "The list, best first.",
    content: { "application/json": { schema: RecommendationSchema } },
  },
};
