// The wire form of one event: GA4 e-commerce names and item fields in our envelope. Shape only; what the values
// mean together is judged in read-event.ts.
import * as z from "zod";

/** Longest id of a shopper, item, session or order, characters. Longer ones are someone's mistake. */
export const ID_LENGTH = 256;
/** GA4 allows 200; a batch of the largest events still fits the body limit. */
export const MAX_ITEMS = 100;
/** In units of the currency; in minor units of any currency it stays below 2^53. */
const MAX_MONEY = 1e9;
/** Above the largest bulk order that we saw in public logs (80,995 pieces), and above any stock level. */
const MAX_QUANTITY = 1e9;
/** URLs as browsers send them; only origin and path are kept. */
const URL_LENGTH = 2048;

const CONTROL_CHARACTERS = /\p{Cc}/u;

/** Text that every store on the way keeps as it is: no control characters, no half surrogate pairs. */
function isClean(text: string): boolean {
  return text.isWellFormed() && !CONTROL_CHARACTERS.test(text);
}

const CLEAN = "must be text without control characters";
const id = z.string().min(1).max(ID_LENGTH).refine(isClean, CLEAN);
const optionalText = z.string().max(ID_LENGTH).refine(isClean, CLEAN).nullish();
const money = z.number().min(0).max(MAX_MONEY).meta({ format: "decimal" }).nullish();

const WireItem = z.object({
  item_id: id,
  item_variant: optionalText,
  item_group_id: optionalText,
  price: money.describe("Price of one piece, in `currency`."),
  quantity: z
    .number()
    .min(0)
    .max(MAX_QUANTITY)
    .nullish()
    .describe(
      "To three decimals. When absent 1, in a `remove_from_cart` or a `refund` the whole line. In a `stock_update`, the new level.",
    ),
  item_category: optionalText,
  item_brand: optionalText,
  item_list_id: optionalText,
  index: z.int().min(0).max(1e6).nullish().describe("Place in the list, from 0."),
  coupon: optionalText.describe("That lowered the price of this item."),
});

export const WireEvent = z
  .object({
    event_id: z
      .string()
      .min(1)
      .max(128)
      .refine(isClean, CLEAN)
      .describe("Made by the sender; an event that is sent twice counts once."),
    name: z.string().max(64).meta({ example: "view_item" }),
    timestamp: z
      .union(
        [z.int(), z.iso.datetime({ offset: true })],
        "must be ms since the epoch or an ISO 8601 time with a zone",
      )
      .describe("When it happened: ms since the epoch, or ISO 8601 with a time zone."),
    anonymous_id: id.nullish(),
    user_id: id.nullish(),
    session_id: optionalText,
    items: z.array(WireItem).max(MAX_ITEMS).nullish(),
    value: money.describe("Of the whole event, in `currency`."),
    currency: z
      .string()
      .max(3)
      .nullish()
      .meta({ example: "EUR" })
      .describe("ISO 4217; the shop's own when absent."),
    search_term: z.string().max(512).refine(isClean, CLEAN).nullish(),
    transaction_id: optionalText,
    coupon: optionalText.describe("Of the whole order."),
    recommendation_id: optionalText,
    consent: z
      .object({
        analytics: z.boolean().default(false),
        personalization: z.boolean().default(false),
      })
      .nullish()
      .describe("The shop's default when absent; a purpose left out is denied."),
    context: z
      .object({
        country: z.string().max(2).nullish(),
        device: z.string().max(32).refine(isClean, CLEAN).nullish(),
        referrer: z.string().max(URL_LENGTH).refine(isClean, CLEAN).nullish(),
        page: z.string().max(URL_LENGTH).refine(isClean, CLEAN).nullish(),
      })
      .nullish(),
  })
  .meta({ id: "Event" });

export type WireEvent = z.infer<typeof WireEvent>;
export type WireItem = z.infer<typeof WireItem>;
