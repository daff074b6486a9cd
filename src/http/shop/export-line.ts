// A line of a shopper's export: the memory, or a row of the log.
import * as z from "zod";
import { describeEntry, describeEventRow, describeState } from "../../shop/shopper-answer.ts";
import { convertUnits, OUTSIDE, type Units } from "../../shop/units.ts";
import type { Money } from "../../shop/money.ts";
import { Consent, Currency } from "./shopper-schema.ts";
import { nullable } from "../docs/nullable.ts";

const text = z.string().nullable();

/** Decoded, it is what the object and the log give, with the currency beside what holds amounts. */
function describeLine<T extends z.ZodType, A extends z.ZodType>(units: Units<T, A>) {
  return z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("memory"),
      currency: Currency,
      shopper: z.string(),
      consent: nullable(Consent),
      state: describeState(units),
      late_events: z.int(),
      pending: z.array(describeEntry(units)).describe("On their way to the log."),
      absorbed: z.array(z.string()).describe("Anonymous visitors who became this shopper."),
      reminders: z.looseObject({}).describe("Of the cart: those on their way and those given."),
    }),
    describeEventRow(units).extend({ kind: z.literal("event"), currency: Currency }),
    z.object({
      kind: z.literal("impression"),
      recommendation_id: z.string(),
      position: z.int(),
      item_id: z.string(),
      shopper: z.string(),
      surface: z.string(),
      model_version: text,
      source: z.string(),
      score: z.number(),
      timestamp: units.time,
      experiment: text,
      variant: text,
    }),
    z.object({
      kind: z.literal("shadow_list"),
      recommendation_id: z.string(),
      experiment: z.string(),
      shopper: z.string(),
      surface: z.string(),
      model_version: text,
      ranking_version: text,
      shown: z.int(),
      items: z.string().describe("JSON array of ids, best first."),
      failed: z.int(),
      timestamp: units.time,
    }),
    z.object({
      kind: z.literal("rejected_event"),
      id: z.int(),
      fingerprint: z.string(),
      shopper: text,
      event_id: text,
      code: z.string(),
      message: z.string(),
      row: z.string().describe("As it came, as JSON, cut."),
      times: z.int(),
      first_at: units.time,
      last_at: units.time,
    }),
    z.object({
      kind: z.literal("reminder"),
      reminder_id: z.string(),
      shopper: z.string(),
      rule_id: z.string(),
      channel: z.string(),
      cart_version: z.string(),
      touch: z.int(),
      held_out: z.int().describe("1: of those who are never reminded, for comparison."),
      created_at: units.time,
      shown_at: nullable(units.time),
      clicked_at: nullable(units.time),
      stopped: text,
    }),
  ]);
}

export const ExportLine = describeLine(OUTSIDE).meta({ id: "ExportLine" });

type Line = z.infer<ReturnType<typeof makeSchema>>;
type WithoutCurrency<L> = L extends unknown ? Omit<L, "currency"> : never;

const makeSchema = (scale: number) => describeLine(convertUnits(scale));

/** Writes lines of the export; the line break is part of each. */
export function createLineWriter({ currency, scale }: Money) {
  const schema = makeSchema(scale);
  return (line: WithoutCurrency<Line>): string => {
    // Rows without amounts leave it out.
    const full = { ...line, currency };
    return `${JSON.stringify(z.encode(schema, full))}\n`;
  };
}
