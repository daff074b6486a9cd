// The shop's rules for reminders as they come and go by HTTP: decimals, minutes and clock times outside; minor units and
// ms inside. What could not be held is refused here.
import * as z from "zod";
import { isTimeZone } from "../../durable/state/reminders/quiet-hours.ts";
import type {
  ReminderRule,
  ReminderRules,
  ReminderTrigger,
} from "../../durable/state/reminders/rules.ts";
import { toDecimal, toMinorUnits } from "../shop/units.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const WEEK_HOURS = 168;
/** More rules than anybody can tell apart. */
const MAX_RULES = 20;

const amount = z.number().positive().max(1e9);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 21:00");

const Trigger = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("cart_reaches"),
      pieces: z.int().min(1).nullable().default(null),
      value: amount.nullable().default(null),
    })
    .refine(({ pieces, value }) => pieces !== null || value !== null, "needs `pieces` or `value`"),
  z
    .strictObject({ kind: z.literal("free_delivery"), value: amount, within: amount })
    .refine(({ value, within }) => within <= value, "`within` must not be above `value`"),
  z.strictObject({
    kind: z.literal("cart_left"),
    quiet_minutes: z.number().min(1).max(10_080).default(60),
    high_value: amount
      .nullable()
      .default(null)
      .describe("Carts worth so much are spoken of after half the time."),
  }),
  z.strictObject({ kind: z.literal("price_drop"), share: z.number().gt(0).lt(1).default(0.05) }),
  z.strictObject({ kind: z.literal("low_stock"), units: z.int().min(1).default(3) }),
  z.strictObject({ kind: z.literal("back_in_stock") }),
]);

const Rule = z.strictObject({
  rule_id: z.string().regex(/^[\w-]{1,64}$/, "must be letters, digits, _ and -"),
  channel: z.enum(["on_site", "webhook", "pull"]),
  trigger: Trigger,
  touches: z.int().min(1).max(5).default(1).describe("How often one cart is spoken of."),
  spacing_hours: z.number().min(1).max(720).default(24),
});

/** As the shop writes it. */
export const RemindersDeclared = z
  .strictObject({
    rules: z.array(Rule).max(MAX_RULES).default([]),
    hold_out: z
      .number()
      .min(0)
      .max(0.9)
      .default(0.1)
      .describe("Share of shoppers who are never reminded, so that the effect can be told."),
    cap_per_week: z.int().min(1).max(50).default(3).describe("Reminders to one shopper a week."),
    quiet_hours: z
      .strictObject({ from: clock, to: clock })
      .refine(({ from, to }) => from !== to, "a day of quiet hours only leaves no time to remind")
      .nullable()
      .default({ from: "21:00", to: "08:00" })
      .describe("Nothing leaves the house then; what is shown on the site is not concerned."),
    time_zone: z
      .string()
      .refine(isTimeZone, "must be a time zone such as Europe/Berlin")
      .default("UTC"),
  })
  .superRefine(({ rules, cap_per_week }, context) => {
    const ids = rules.map(({ rule_id }) => rule_id);
    for (const [index, { rule_id, touches, spacing_hours }] of rules.entries()) {
      const complain = (message: string) =>
        context.addIssue({ code: "custom", path: ["rules", index], message });
      if (ids.indexOf(rule_id) !== index) complain(`there are two rules ${rule_id}`);
      const inWeek = Math.min(touches, Math.floor(WEEK_HOURS / spacing_hours) + 1);
      if (inWeek > cap_per_week) {
        complain(`wants ${inWeek} touches a week, and cap_per_week allows ${cap_per_week}`);
      }
    }
  })
  .meta({ id: "ReminderRules" });

export type RemindersDeclared = z.infer<typeof RemindersDeclared>;

/** @param scale minor units in one unit of the shop's currency */
export function toRules(declared: RemindersDeclared, scale: number): ReminderRules {
  const { rules, quiet_hours, hold_out, cap_per_week, time_zone } = declared;
  return {
    rules: rules.map(({ rule_id, channel, trigger, touches, spacing_hours }): ReminderRule => {
      const spacing_ms = Math.round(spacing_hours * HOUR);
      return { rule_id, channel, trigger: toTrigger(trigger, scale), touches, spacing_ms };
    }),
    quiet_hours:
      quiet_hours === null
        ? null
        : { from: toMinute(quiet_hours.from), to: toMinute(quiet_hours.to) },
    hold_out,
    cap_per_week,
    time_zone,
  };
}

export function fromRules(kept: ReminderRules, scale: number): RemindersDeclared {
  const { rules, quiet_hours, hold_out, cap_per_week, time_zone } = kept;
  return {
    rules: rules.map(({ rule_id, channel, trigger, touches, spacing_ms }) => {
      const spacing_hours = spacing_ms / HOUR;
      return { rule_id, channel, trigger: fromTrigger(trigger, scale), touches, spacing_hours };
    }),
    quiet_hours:
      quiet_hours === null
        ? null
        : { from: fromMinute(quiet_hours.from), to: fromMinute(quiet_hours.to) },
    hold_out,
    cap_per_week,
    time_zone,
  };
}

type DeclaredTrigger = z.infer<typeof Trigger>;

function toTrigger(trigger: DeclaredTrigger, scale: number): ReminderTrigger {
  const minor = (value: number) => toMinorUnits(value, scale);
  const orNull = (value: number | null) => (value === null ? null : minor(value));
  switch (trigger.kind) {
    case "cart_reaches":
      return { ...trigger, value: orNull(trigger.value) };
    case "free_delivery":
      return { ...trigger, value: minor(trigger.value), within: minor(trigger.within) };
    case "cart_left": {
      const { kind, quiet_minutes, high_value } = trigger;
      const quiet_ms = Math.round(quiet_minutes * MINUTE);
      return { kind, quiet_ms, high_value: orNull(high_value) };
    }
    default:
      return trigger;
  }
}

function fromTrigger(trigger: ReminderTrigger, scale: number): DeclaredTrigger {
  const decimal = (value: number) => toDecimal(value, scale);
  const orNull = (value: number | null) => (value === null ? null : decimal(value));
  switch (trigger.kind) {
    case "cart_reaches":
      return { ...trigger, value: orNull(trigger.value) };
    case "free_delivery":
      return { ...trigger, value: decimal(trigger.value), within: decimal(trigger.within) };
    case "cart_left": {
      const { kind, quiet_ms, high_value } = trigger;
      return {
        kind,
        quiet_minutes: quiet_ms / MINUTE,
        high_value: orNull(high_value),
      };
    }
    default:
      return trigger;
  }
}

function toMinute(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

function fromMinute(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
