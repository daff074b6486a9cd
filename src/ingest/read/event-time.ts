// When an event happened: by the sender's clock, set right by what that clock said when the message was sent.
import { accept } from "../../../durable/state/result.ts";
import { reject, type Checked } from "../rejection.ts";
import type { Fields } from "./fields.ts";
import { UNREADABLE } from "../../shop/read/text.ts";
import { readTime } from "../../shop/read/time.ts";

/** Logs of old shops may be replayed, but the epoch is always somebody's zero. 2000-01-01, ms. */
export const EARLIEST = Date.UTC(2000, 0, 1);
/** How far a sender's clock may run ahead, ms. A later event would shut the lateness window for all others. */
export const CLOCK_AHEAD = 5 * 60_000;
/**
 * How old an event may be that no secret key vouches for, ms: a year and a bit, for apps long offline. Each day that events
 * are of is a file of the export, and one storefront must not make thousands of them.
 */
export const OLDEST_UNVOUCHED = 400 * 86_400_000;
/** A message that was sent longer ago lay somewhere, ms: its clock may well be right. */
const LONGEST_WAY = 86_400_000;

type Arrival = {
  now: number;
  isHistory?: boolean;
  /** The shop's back end speaks. */
  trusted?: boolean;
};

/**
 * Never after its arrival: an event of the future would shut the lateness window for all others.
 *
 * @param isLoose an event without a time happened when it arrived
 */
export function readEventTime(
  fields: Fields,
  { now, isHistory = false, trusted = true }: Arrival,
  isLoose: boolean,
): Checked<number> {
  const said = readTime(fields["timestamp"]);
  if (said === UNREADABLE || (said === null && !isLoose)) {
    return reject(
      "invalid_event",
      "timestamp: must be a time with a zone, such as ISO 8601, or a number of ms since the epoch.",
    );
  }
  if (said === null) return accept(now);
  const timestamp = isHistory ? said : correctClock(said, readTime(fields["sent_at"]), now);
  if (!trusted && timestamp < now - OLDEST_UNVOUCHED) {
    return reject(
      "timestamp_out_of_range",
      "timestamp: is more than a year ago; send the past with a secret key.",
    );
  }
  if (timestamp >= EARLIEST && timestamp <= now + CLOCK_AHEAD) {
    return accept(Math.min(timestamp, now));
  }
  return reject(
    "timestamp_out_of_range",
    "timestamp: must lie between the year 2000 and five minutes from now.",
  );
}

/** As Segment does: what lies between the event and its sending is right by any clock that runs. */
function correctClock(timestamp: number, sentAt: ReturnType<typeof readTime>, now: number): number {
  if (typeof sentAt !== "number" || now - sentAt > LONGEST_WAY) return timestamp;
  // An event of after its own sending is some other mistake than the clock's.
  if (timestamp - sentAt > CLOCK_AHEAD) return timestamp;
  return now - (sentAt - timestamp);
}
