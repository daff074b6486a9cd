// The query parameters that all recommendation lists share, and their way into a request to the pipeline.
import * as z from "zod";
import { SEEN_POLICIES } from "../../recommend/contract.ts";
import type { Given, Surface, RecommendRequest } from "../../recommend/contract.ts";
import { readCursor } from "../../recommend/paging.ts";
import type { Money } from "../../shop/money.ts";
import { orNull, toMinorUnits } from "../../shop/units.ts";

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 20;
/** Ids that a page may exclude: what it shows already. */
const MAX_EXCLUDED = 500;
/** Characters; the longest cursor has 2,700. */
const MAX_CURSOR = 3000;

const price = z.coerce.number().nonnegative().meta({ format: "decimal" }).optional();

export const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  exclude: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe("Ids not to show: separated by commas, or the parameter several times."),
  category: z.string().max(1000).optional().describe("Only items of this category or below it."),
  min_price: price.describe("In the shop's currency. Items without a price are left out."),
  max_price: price,
  seen: z
    .enum(SEEN_POLICIES)
    .optional()
    .describe("What becomes of items that the shopper has seen; each surface has its default."),
  cursor: z
    .string()
    .max(MAX_CURSOR)
    .transform((text, context) => {
      const cursor = readCursor(text);
      if (cursor !== null) return cursor;
      context.addIssue({ code: "custom", message: "is no cursor of a list" });
      return z.NEVER;
    })
    .optional()
    .openapi({ type: "string", description: "`next_cursor` of the page before: nothing repeats." }),
  explain: z
    .enum(["0", "1"])
    .default("0")
    .describe("1: each item comes with what each source did for its score and its rank."),
});

export type ListQuery = z.infer<typeof ListQuery>;

/** What a route knows beside the query. */
export type About = {
  surface: Surface;
  shopper: string | null;
  item_id: string | null;
  visit?: RecommendRequest["visit"];
  given?: readonly Given[];
};

const UNKNOWN_VISIT = { country: null, device: null, referrer: null };

export function readRequest(query: ListQuery, about: About, money: Money): RecommendRequest {
  const toMinor = (price: number) => toMinorUnits(price, money.scale);
  return {
    surface: about.surface,
    shopper: about.shopper,
    item_id: about.item_id,
    limit: query.limit,
    exclude: readExcluded(query.exclude),
    category: query.category ?? null,
    min_price: orNull(query.min_price ?? null, toMinor),
    max_price: orNull(query.max_price ?? null, toMinor),
    seen: query.seen ?? null,
    visit: about.visit ?? UNKNOWN_VISIT,
    cursor: query.cursor ?? null,
    explain: query.explain === "1",
    given: about.given ?? null,
  };
}

/** A text that holds commas may also be one id, so it is taken both ways. */
function readExcluded(exclude: string | string[] | undefined): string[] {
  const texts = exclude === undefined ? [] : [exclude].flat();
  const parts = texts.filter((text) => text.includes(",")).flatMap((text) => text.split(","));
  return [...texts, ...parts].slice(0, MAX_EXCLUDED);
}
