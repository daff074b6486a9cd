// GET /v1/search: what a shopper typed, answered in the order of relevance and of this shopper.
import * as z from "zod";
import type { Catalog } from "../../catalog/catalog.ts";
import { MAX_CANDIDATES } from "../../recommend/retrieve/pool.ts";
import { findItems } from "../../search/find-items.ts";
import { readSettings } from "../../shop/settings.ts";
import { Amount, toDecimal } from "../../shop/units.ts";
import { makeList } from "./answer-list.ts";
import { AskHeaders } from "../middleware/proof/ask-headers.ts";
import { AskShopper, readShopper } from "./ask-shopper.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { readEdge } from "./edge.ts";
import { ListQuery, readRequest } from "./list-query.ts";
import { RecommendationSchema } from "./recommendation.ts";
import { createRouter } from "../middleware/router.ts";

/** Characters. */
const MAX_QUERY = 256;
/** Values of a facet that are told. */
const MAX_VALUES = 20;

const Values = z.array(z.object({ value: z.string(), items: z.int() }));

const Answer = RecommendationSchema.extend({
  q: z.string(),
  corrected: z
    .string()
    .nullable()
    .describe("What was looked for instead, where a word has a slip."),
  complete: z.boolean().describe("False: nothing has all the words, and items have some of them."),
  total: z.int().describe("Items that the words find, before filters."),
  facets: z
    .object({
      categories: Values,
      brands: Values,
      price: z.object({ min: Amount, max: Amount }).nullable(),
    })
    .describe(`Of the best ${MAX_CANDIDATES} items, before filters.`),
}).meta({ id: "SearchAnswer" });

const Query = ListQuery.extend({ ...AskShopper.shape, q: z.string().min(1).max(MAX_QUERY) });

export const search = createRouter();

search.openapi(
  defineRoute("publishable", {
    method: "get",
    path: "/search",
    tags: ["recommendations"],
    summary: "Search the catalogue",
    description:
      "Words in any script, in title, brand, category, attributes and description; beginnings of the last word, singular " +
      "for plural, slips of the finger; and what other shoppers went on to after the same search. Relevance leads; what " +
      "this shopper would choose moves up.",
    request: { headers: AskHeaders, query: Query },
    answers: {
      200: {
        description: "Best first.",
        content: { "application/json": { schema: Answer } },
      },
    },
  }),
  async (c) => {
    const query = c.req.valid("query");
    const settings = readSettings(c.env);
    const { shopper, ...asked } = await readShopper(c, query);
    const found = await findItems(c.env.DB, query.q, MAX_CANDIDATES);
    const about = {
      surface: "rerank" as const,
      shopper,
      item_id: null,
      visit: { ...readEdge(c), referrer: null },
      given: found.items,
    };
    const request = readRequest(query, about, settings.money);
    const { answer, catalog } = await makeList(c, request, asked);
    const { corrected, complete, total } = found;
    const facets = countFacets(catalog, found.items, settings.money.scale);
    return c.json({ ...answer, q: query.q, corrected, complete, total, facets }, 200);
  },
);

function countFacets(catalog: Catalog, items: readonly { item_id: string }[], scale: number) {
  const found = items.map(({ item_id }) => catalog.find(item_id)).filter((item) => item !== -1);
  const count = (codes: (item: number) => number, texts: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const item of found) {
      const value = texts[codes(item)];
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts]
      .map(([value, items]) => ({ value, items }))
      .toSorted((a, b) => b.items - a.items)
      .slice(0, MAX_VALUES);
  };
  const prices = found.map((item) => catalog.price[item] ?? -1).filter((price) => price >= 0);
  const toAmount = (price: number) => toDecimal(price, scale);
  return {
    categories: count((item) => catalog.category[item] ?? -1, catalog.categories.texts),
    brands: count((item) => catalog.brand[item] ?? -1, catalog.brands.texts),
    price:
      prices.length === 0
        ? null
        : { min: toAmount(Math.min(...prices)), max: toAmount(Math.max(...prices)) },
  };
}
