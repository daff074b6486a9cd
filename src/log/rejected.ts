// Refused rows as an operator looks at them: how many of each reason, and the latest of each to see what was sent.
import { desc, max, min, sql, sum } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { rejectedEvents } from "./schema.ts";

export type RejectedSample = { message: string; row: string; times: number; last_at: number };

export type RejectedReason = {
  code: string;
  times: number;
  first_at: number;
  last_at: number;
  /** Latest first. */
  samples: RejectedSample[];
};

/** Most frequent first. Reads the whole table, which keeps thirty days. */
export async function readRejected(
  database: D1Database,
  samples: number,
): Promise<RejectedReason[]> {
  const db = drizzle(database);
  const { code, times, first_at, last_at, message, row, id } = rejectedEvents;
  const total = sum(times).mapWith(Number);
  const reasons = await db
    .select({
      code,
      times: total,
      first_at: min(first_at).mapWith(Number),
      last_at: max(last_at).mapWith(Number),
    })
    .from(rejectedEvents)
    .groupBy(code)
    .orderBy(desc(total), code);
  const latest = await db.all<RejectedSample & { code: string }>(sql`
    select code, message, row, times, last_at from (
      select ${code}, ${message}, ${row}, ${times}, ${last_at},
        row_number() over (partition by ${code} order by ${last_at} desc, ${id} desc) as nth
      from ${rejectedEvents})
    where nth <= ${samples} order by nth`);
  return reasons.map((reason) => ({
    ...reason,
    samples: latest
      .filter((each) => each.code === reason.code)
      .map((each) => ({
        message: each.message,
        row: each.row,
        times: each.times,
        last_at: each.last_at,
      })),
  }));
}
