// The rules under torture: two of one channel that may speak of the same cart, one with two touches, few a week.
import type { ReminderRules } from "../../../durable/state/reminders/rules.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;

export const RULES: ReminderRules = {
  rules: [
    {
      rule_id: "soon",
      channel: "on_site",
      trigger: { kind: "cart_reaches", pieces: 2, value: null },
      touches: 1,
      spacing_ms: HOUR,
    },
    {
      rule_id: "left",
      channel: "webhook",
      trigger: { kind: "cart_left", quiet_ms: 30 * MINUTE, high_value: null },
      touches: 2,
      spacing_ms: 3 * HOUR,
    },
    {
      rule_id: "full",
      channel: "webhook",
      trigger: { kind: "cart_reaches", pieces: 3, value: null },
      touches: 1,
      spacing_ms: HOUR,
    },
  ],
  hold_out: 0.2,
  cap_per_week: 3,
  quiet_hours: { from: 22 * 60, to: 7 * 60 },
  time_zone: "UTC",
};
