// A log cut into its UTC days, perhaps with a share of its visitors only.
import { createHash } from "node:crypto";
import type { ShopLog } from "../open-log.ts";
import type { WireEvent } from "../simulate/wire.ts";

export type LoggedDay = { dt: string; events: WireEvent[] };

/** @param share of the visitors, 0..1; whole visitors, so that histories stay whole */
export async function readDays(log: ShopLog, share: number, most: number): Promise<LoggedDay[]> {
  const days: LoggedDay[] = [];
  for await (const event of log.events()) {
    if (shareOf(event.anonymous_id) >= share) continue;
    const dt = new Date(event.timestamp).toISOString().slice(0, 10);
    let day = days.at(-1);
    if (day?.dt !== dt) {
      if (days.length === most) break;
      day = { dt, events: [] };
      days.push(day);
    }
    day.events.push(event);
  }
  return days;
}

/** The same for the same visitor, evenly spread over 0..1; `salt` makes draws independent of each other. */
export function shareOf(visitor: string, salt = ""): number {
  return createHash("sha256").update(`${salt}${visitor}`).digest().readUInt32BE() / 2 ** 32;
}
