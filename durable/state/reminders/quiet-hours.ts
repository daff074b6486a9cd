// Whether it is night where the shopper is, and when it ends. By the calendar of the time zone, summer time included.
import type { ReminderRules } from "./rules.ts";

const MINUTE = 60_000;
const DAY_MINUTES = 1440;

/** One formatter a zone: making one costs more than asking it a hundred times. */
const CLOCKS = new Map<string, Intl.DateTimeFormat>();

/** False for a time zone that nobody knows. */
export function isTimeZone(name: string): boolean {
  try {
    openClock(name);
    return true;
  } catch {
    return false;
  }
}

/** Minutes since midnight in that zone. Throws for a zone that is none. */
function minuteOfDay(at: number, time_zone: string): number {
  if (time_zone === "UTC") return Math.floor(at / MINUTE) % DAY_MINUTES;
  const [hours = 0, minutes = 0] = openClock(time_zone).format(at).split(":").map(Number);
  return hours * 60 + minutes;
}

export function isQuiet(at: number, { quiet_hours, time_zone }: ReminderRules): boolean {
  if (quiet_hours === null) return false;
  const { from, to } = quiet_hours;
  const minute = minuteOfDay(at, time_zone);
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** The first moment from `at` on that is not quiet, to the minute, ms. */
export function endOfQuiet(at: number, rules: ReminderRules): number {
  if (rules.quiet_hours === null || !isQuiet(at, rules)) return at;
  const minute = minuteOfDay(at, rules.time_zone);
  const wait = (rules.quiet_hours.to - minute + DAY_MINUTES) % DAY_MINUTES;
  const end = Math.floor(at / MINUTE) * MINUTE + wait * MINUTE;
  // A night in which the clock was put back is an hour longer.
  return isQuiet(end, rules) ? endOfQuiet(end + MINUTE, rules) : end;
}

function openClock(time_zone: string): Intl.DateTimeFormat {
  const known = CLOCKS.get(time_zone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: time_zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  CLOCKS.set(time_zone, clock);
  return clock;
}
