// A reminder as the API shows it, by whatever channel.
import * as z from "zod";
import { Amount, Time } from "../../shop/units.ts";
import { Currency } from "./shopper-schema.ts";

export const Reminder = z
  .object({
    reminder_id: z.string().describe("Told again, it is the same reminder."),
    rule_id: z.string(),
    kind: z.string(),
    channel: z.string(),
    touch: z.int().describe("From 1: the how many-th of this rule about this cart."),
    shopper: z.string().describe("Pseudonym."),
    cart: z.object({
      items: z.array(
        z.object({
          item_id: z.string(),
          item_variant: z.string().nullable(),
          quantity: z.number(),
        }),
      ),
      value: Amount,
      currency: Currency,
    }),
    restore: z
      .object({ path: z.string(), expires_at: Time })
      .describe("Opens this cart for reading, for whoever has the link."),
  })
  .meta({ id: "Reminder" });
