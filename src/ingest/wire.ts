// The wire form of one event, as the API's document tells it: GA4 e-commerce names and item fields in our envelope. What
// is taken beyond it (other forms, numbers as text) is in src/ingest/README.md; what is read of it, in read-event.ts.
import * as z from "zod";
import { MAX_EVENT_ID, MAX_ITEMS, MAX_LABEL, MAX_MONEY, MAX_SEARCH } from "./read/limits.ts";
import { ID_LENGTH } from "../shop/read/text.ts";

const id = z.union([z.string().min(1).max(ID_LENGTH), z.int()]);
const text = z.string().max(MAX_LABEL).nullish();
const money = z.number().min(0).max(MAX_MONEY).meta({ format: "decimal" }).nullish();
const time = z.union(
  [z.int(), z.iso.datetime({ offset: true })],
  "must be ms since the epoch or an ISO 8601 time with a zone",
);
const currency = z.string().max(3).nullish().meta({ example: "EUR" });

const WireItem = z.object({
  item_id: id,
  item_variant: text.describe("The size or colour; a cart's line is item and variant."),
  item_group_id: text.describe("What all variants are of."),
  price: money.describe("Price of one piece, in `currency`."),
  currency: currency.describe("Of this line; the event's when absent."),
  quantity: z
    .number()
    .min(0)
    .nullish()
    .describe(
      "To three decimals. When absent 1, in a `remove_from_cart` or a `refund` the whole line. In a `stock_update`, the new level.",
    ),
  item_category: text,
  item_brand: text,
  item_list_id: text,
  index: z.int().min(0).nullish().describe("Position in the list, from 0."),
  coupon: text.describe("That lowered the price of this item."),
});

export const WireEvent = z
  .object({
    event_id: z
      .union([z.string().min(1).max(MAX_EVENT_ID), z.int()])
      .describe("Made by the sender; an event that is sent twice counts once."),
    name: z.string().max(64).meta({ example: "view_item" }),
    timestamp: time.describe("When it happened: ms since the epoch, or ISO 8601 with a time zone."),
    sent_at: time
      .nullish()
      .describe("When it was sent, by the same clock: a clock that is wrong is set right by it."),
    anonymous_id: id.nullish(),
    user_id: id
      .nullish()
      .describe("Counts with proof: `user_hash`, a shopper token, or a secret key."),
    user_hash: z
      .string()
      .nullish()
      .describe("hex(HMAC-SHA256(IDENTITY_SECRET, user_id)), made by the shop's back end."),
    session_id: id.nullish(),
    items: z.array(WireItem).max(MAX_ITEMS).nullish(),
    item_list_id: text.describe("Of all lines that do not say."),
    value: money.describe("Of the whole event, in `currency`."),
    currency: currency.describe("ISO 4217; that of the items, or the shop's own, when absent."),
    search_term: z.string().max(MAX_SEARCH).nullish(),
    transaction_id: id.nullish(),
    coupon: text.describe("Of the whole order."),
    recommendation_id: id.nullish(),
    consent: z
      .object({
        analytics: z.boolean().default(false),
        personalization: z.boolean().default(false),
        marketing: z
          .boolean()
          .nullish()
          .describe("Messages off the site; left out, it stays as it was."),
      })
      .nullish()
      .describe("The shop's default when absent; a purpose left out is denied."),
    context: z
      .object({
        country: z.string().max(2).nullish(),
        device: z.string().nullish(),
        referrer: z.string().nullish(),
        page: z.string().nullish(),
      })
      .nullish(),
  })
  .meta({ id: "Event" });

export type WireEvent = z.infer<typeof WireEvent>;
