// A shopper's folded state and log entries as answers show them: one schema that describes them, converts them for the
// answer, and lets a client convert them back exactly.
import * as z from "zod";
import {
  CONSENT,
  CONTEXT,
  ENVELOPE,
  EVENT,
  EVENT_ROW,
  ITEM_LINE,
} from "../../durable/state/event.ts";
import { mapKinds } from "../../durable/state/fields.ts";
import type { Units } from "./units.ts";

const text = z.string().nullable();
const item = { item_id: z.string(), category: text, brand: text };
const variant = { variant: text, group_id: text };

/** Decoded, it is a `ShopperState`. */
export function describeState<T extends z.ZodType, A extends z.ZodType>(units: Units<T, A>) {
  return z.object({ profile: describeProfile(units), cart: describeCart(units) });
}

function describeProfile<T extends z.ZodType, A extends z.ZodType>({ time, amount }: Units<T, A>) {
  const affinities = z.object({
    at: time,
    weights: z.array(z.object({ key: z.string(), weight: z.number() })),
  });
  return z.object({
    first_seen: time.nullable(),
    last_seen: time.nullable(),
    counts: z.record(z.string(), z.int()).describe("Events by name."),
    recent: z
      .array(z.object({ ...item, name: z.string(), at: time, price: amount.nullable() }))
      .describe("Items that the shopper touched, oldest first."),
    categories: affinities.describe("Interest, which decays by event time."),
    brands: affinities,
    price_levels: affinities,
    purchases: describePurchases({ time, amount }),
    sessions: z.int(),
    open_sessions: z.array(describeSession(time)).describe("The last ones, the current one last."),
    searches: z.array(z.string()).describe("The last terms, oldest first."),
  });
}

function describePurchases<T extends z.ZodType, A extends z.ZodType>({
  time,
  amount,
}: Units<T, A>) {
  const bought = z.object({
    item_id: z.string(),
    times: z.int(),
    quantity: z.number(),
    first_at: time.optional().describe("Absent where it was bought before this was kept."),
    last_at: time,
  });
  const totals = {
    orders: z.int(),
    revenue: amount,
    refunds: z.int(),
    refunded: amount,
    first_at: time.nullable(),
    last_at: time.nullable(),
    bought: z.array(bought).describe("Last bought last; without what was given back."),
  };
  return z.object({
    ...totals,
    last_orders: z.array(describeOrder({ time, amount })).describe("Oldest first."),
    older: z
      .object({ ...totals, seen: z.array(z.int()).describe("Fingerprints of transaction ids.") })
      .describe("Of the orders before the last ones."),
  });
}

function describeOrder<T extends z.ZodType, A extends z.ZodType>({ time, amount }: Units<T, A>) {
  const goods = { item_id: z.string(), variant: text };
  const quantity = z.number();
  return z.object({
    transaction_id: text,
    event_id: text.describe("Of an order without a transaction id."),
    since: time.describe("The first event about it."),
    at: time.nullable().describe("null where only a refund or a cancellation was told so far."),
    lines: z.array(
      z.object({
        ...goods,
        quantity,
        amount: amount.nullable().describe("Of the line."),
        refunded: quantity.describe("Of the quantity."),
      }),
    ),
    total: z
      .object({ value: amount, lines: z.int(), amount })
      .nullable()
      .describe("As the shop told it, with the number and the sum of the lines it told with it."),
    refunds: z.array(
      z.object({
        lines: z.array(z.object({ ...goods, quantity: quantity.nullable() })),
        value: amount.nullable(),
      }),
    ),
    cancelled: z.boolean(),
    revenue: amount,
    refunded: amount,
  });
}

function describeSession<T extends z.ZodType>(time: T) {
  return z.object({
    id: text,
    started_at: time,
    last_at: time,
    events: z.int(),
    item_views: z.int(),
    list_views: z.int(),
    searches: z.int(),
    cart_adds: z.int(),
    cart_removals: z.int(),
    checkouts: z.int(),
    purchases: z.int(),
  });
}

export function describeCart<T extends z.ZodType, A extends z.ZodType>({
  time,
  amount,
}: Units<T, A>) {
  const line = z.object({
    ...item,
    ...variant,
    quantity: z.number(),
    price: amount.nullable().describe("Of one piece."),
    added_at: time,
  });
  return z.object({
    stage: z.enum(["empty", "active", "viewing", "checkout", "purchased"]),
    lines: z.array(line),
    changed_at: time.nullable().describe("null for a cart never used."),
  });
}

function describeKinds<T extends z.ZodType, A extends z.ZodType>({ time, amount }: Units<T, A>) {
  return {
    seq: () => z.int(),
    id: () => z.string(),
    text: () => z.string(),
    "text?": () => text,
    name: () => z.string(),
    count: () => z.int(),
    "count?": () => z.int().nullable(),
    rank: () => z.int(),
    "quantity?": () => z.number().nullable(),
    "money?": () => amount.nullable(),
    time: () => time,
    flag: () => z.boolean(),
    "flag?": () => z.boolean().nullish(),
  };
}

/** Decoded, it is a `LogEntry`. */
export function describeEntry<T extends z.ZodType, A extends z.ZodType>(units: Units<T, A>) {
  const kinds = describeKinds(units);
  return z.object({
    ...mapKinds(ENVELOPE, kinds),
    event: z.object({
      ...mapKinds(EVENT, kinds),
      items: z.array(z.object(mapKinds(ITEM_LINE, kinds))),
    }),
    consent: z.object(mapKinds(CONSENT, kinds)),
    context: z.object(mapKinds(CONTEXT, kinds)),
  });
}

/** Decoded, it is an `EventRow`: one item line of the log. */
export function describeEventRow<T extends z.ZodType, A extends z.ZodType>(units: Units<T, A>) {
  return z.object(
    mapKinds(EVENT_ROW, {
      ...describeKinds(units),
      flag: () => z.int(),
      "flag?": () => z.int().nullable(),
    }),
  );
}
