// A suggestion as answers hold it: dates, decimals, and why in words.
import * as z from "zod";
import type { Suggestion as Planned } from "../../supply/reorder/list.ts";
import { Amount, orNull, toDecimal } from "../../shop/units.ts";

const DAY = 86_400_000;

const Day = z.iso.date();

export const Suggestion = z
  .object({
    item_id: z.string(),
    title: z.string().nullable(),
    supplier_id: z.string().nullable(),
    state: z.enum(["good", "order_now", "critical", "excess", "dead"]),
    decision: z.enum(["open", "snoozed", "ordered", "dismissed"]),
    quantity: z.number().describe("To order, in whole packs; 0 where nothing is due."),
    order_by: Day.nullable().describe("The last day to order without more risk than wanted."),
    on_hand: z.number(),
    on_order: z.number(),
    position: z.number(),
    demand_per_day: z.number(),
    reorder_point: z.number(),
    order_up_to: z.number(),
    stockout_probability: z
      .number()
      .describe("Chance to run out before goods that are ordered today are there."),
    runs_out: z
      .object({ p50: Day.nullable(), p90: Day.nullable() })
      .describe(
        "The day by which it is sold out with a chance of one half, and of nine in ten; null beyond a year.",
      ),
    lead_time_days: z.number(),
    lead_time_spread_days: z.number(),
    service_level: z.number(),
    risk_per_day: Amount.nullable().describe("Sales that a day of waiting puts at risk."),
    cost: Amount.nullable().describe("Of `quantity`."),
    is_rounded_to_excess: z.boolean(),
    abc: z.enum(["A", "B", "C"]),
    xyz: z.enum(["X", "Y", "Z"]),
    why: z.string(),
  })
  .meta({ id: "ReorderSuggestion" });

type Shown = z.infer<typeof Suggestion>;

export function presentSuggestion(planned: Planned, scale: number, now: number): Shown {
  const { lead, days_left, order_in_days, risk_per_day, cost, ...rest } = planned;
  const day = (days: number) => new Date(now + days * DAY).toISOString().slice(0, 10);
  return {
    ...rest,
    order_by: orNull(order_in_days, day),
    runs_out: { p50: orNull(days_left.p50, day), p90: orNull(days_left.p90, day) },
    lead_time_days: round(lead.mean),
    lead_time_spread_days: round(lead.spread),
    demand_per_day: round(planned.demand_per_day),
    risk_per_day: orNull(risk_per_day, (amount) => toDecimal(amount, scale)),
    cost: orNull(cost, (amount) => toDecimal(amount, scale)),
    why: explain(planned),
  };
}

function explain(planned: Planned): string {
  const { state, position, on_order, reorder_point, lead, service_level, quantity } = planned;
  const there = `${round(position)} there or on order`;
  const sold = `sells ${round(planned.demand_per_day)} a day`;
  if (state === "dead") return `Nothing sold in half a year, ${round(planned.on_hand)} there.`;
  if (state === "excess") return `More than half a year's demand: ${there}, ${sold}.`;
  if (quantity === 0) return `Enough: ${there}, ${sold}, orders are due at ${reorder_point}.`;
  const chance = Math.round(planned.stockout_probability * 100);
  const words = [
    `It ${sold} and takes ${round(lead.mean)} days to come, with ${there} (${round(on_order)} on order).`,
    `To have it with a chance of ${Math.round(service_level * 100)}% order at ${reorder_point} or below, up to ${planned.order_up_to}.`,
    `Without an order it runs out before new goods come with a chance of ${chance}%.`,
  ];
  if (planned.is_rounded_to_excess)
    words.push("Pack or minimum bring more than a month's demand beyond need.");
  return words.join(" ");
}

const COLUMNS = [
  "supplier_id",
  "item_id",
  "title",
  "state",
  "decision",
  "quantity",
  "order_by",
  "cost",
  "on_hand",
  "on_order",
  "demand_per_day",
  "stockout_probability",
  "risk_per_day",
  "abc",
  "xyz",
  "why",
] as const satisfies readonly (keyof Shown)[];

/** By supplier, then as the list is. Text that a table program would take for a formula is quoted as text. */
export function toCsv(rows: readonly Shown[], currency: string): string {
  const bySupplier = rows.toSorted((a, b) =>
    (a.supplier_id ?? "").localeCompare(b.supplier_id ?? ""),
  );
  const lines = bySupplier.map((row) =>
    [...COLUMNS.map((name) => toCell(row[name])), currency].join(","),
  );
  return [[...COLUMNS, "currency"].join(","), ...lines, ""].join("\r\n");
}

function toCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const round = (value: number) => Math.round(value * 100) / 100;
