// A list of recommendations as the API shows it, for every route that answers with one.
import * as z from "zod";
import type { Catalog } from "../catalog/catalog.ts";
import type { Recommendation, RecommendedItem } from "../recommend/contract.ts";
import type { Money } from "../stream/money.ts";

const RecommendedItemSchema = z
  .object({
    item_id: z.string(),
    title: z.string().nullable(),
    category: z.string().nullable(),
    brand: z.string().nullable(),
    price: z.number().nullable().describe("In `currency`, with decimals."),
    image_url: z.string().nullable(),
    url: z.string().nullable(),
    score: z
      .number()
      .describe("Comparable within this list only; 0 where a fallback filled it up."),
    source: z.string().meta({ example: "next_item" }),
    reason: z.object({
      code: z.string().meta({ example: "because_viewed" }),
      text: z.string().meta({ example: "Because you viewed Hiking boots" }),
      item_id: z.string().optional(),
      category: z.string().optional(),
    }),
  })
  .meta({ id: "RecommendedItem" });

export const RecommendationSchema = z
  .object({
    recommendation_id: z.string().describe("Send it with the events that follow from this list."),
    model_version: z.string().nullable().describe("The next-item model that took part."),
    personal: z.boolean().describe("Whether the shopper's own history took part."),
    degraded: z
      .array(z.enum(["catalog", "events", "model", "shopper"]))
      .describe("What was missing, or not there in time, for this answer."),
    currency: z.string(),
    items: z.array(RecommendedItemSchema),
  })
  .meta({ id: "Recommendation" });

export function presentRecommendation(
  shown: Recommendation,
  catalog: Catalog,
  money: Money,
): z.infer<typeof RecommendationSchema> {
  return {
    recommendation_id: shown.recommendation_id,
    model_version: shown.model_version,
    personal: shown.personal,
    degraded: shown.degraded,
    currency: money.currency,
    items: shown.items.map((entry) => presentItem(entry, catalog, money)),
  };
}

function presentItem(
  { item, score, source, reason }: RecommendedItem,
  catalog: Catalog,
  money: Money,
): z.infer<typeof RecommendedItemSchema> {
  const price = catalog.price[item] ?? -1;
  return {
    item_id: catalog.ids[item] ?? "",
    title: catalog.titles[item] ?? null,
    category: catalog.categories.texts[catalog.category[item] ?? -1] ?? null,
    brand: catalog.brands.texts[catalog.brand[item] ?? -1] ?? null,
    price: price < 0 ? null : price / money.scale,
    image_url: catalog.imageUrls[item] ?? null,
    url: catalog.urls[item] ?? null,
    score,
    source,
    reason,
  };
}

/** The `Server-Timing` header: ms by stage. */
export function presentTimings(timings: Recommendation["timings"]): string {
  return timings.map(({ name, ms }) => `${name};dur=${ms.toFixed(2)}`).join(", ");
}
