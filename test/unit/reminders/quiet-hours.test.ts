// Quiet hours by the clock on the shopper's wall.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endOfQuiet, isQuiet } from "../../../durable/state/reminders/quiet-hours.ts";
import { NO_REMINDERS } from "../../../durable/state/reminders/rules.ts";

const night = (time_zone: string) => ({
  ...NO_REMINDERS,
  time_zone,
  quiet_hours: { from: 21 * 60, to: 8 * 60 },
});

describe("quiet hours", () => {
  it("are those of the time zone, summer time included", () => {
    const at = Date.UTC(2026, 6, 1, 19, 30);
    expect(isQuiet(at, night("Europe/Berlin"))).toBe(true);
    expect(isQuiet(at, night("Europe/London"))).toBe(false);
    expect(endOfQuiet(at, night("Europe/Berlin"))).toBe(Date.UTC(2026, 6, 2, 6));
  });

  it("end at a moment that is not quiet, within a day and an hour", () => {
    const start = Date.UTC(2026, 0, 1);
    fc.assert(
      fc.property(
        fc.integer({ min: start, max: start + 366 * 86_400_000 }),
        fc.constantFrom("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"),
        (at, zone) => {
          const end = endOfQuiet(at, night(zone));
          expect(isQuiet(end, night(zone))).toBe(false);
          expect(end - at).toBeLessThan(25 * 3_600_000);
        },
      ),
    );
  });
});
