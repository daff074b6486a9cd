// Nightly, last: old rows leave D1, but only such as a verified file holds. It walks the log by `seq` from its start, a
// bounded part at a time, and ends at the first part in which nothing is old.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import * as z from "zod";
import { events } from "../../log/schema.ts";
import { defineJob, type Slice } from "../run/job.ts";
import { exportParts } from "../run/schema.ts";
import { EXPORTS_LEASE } from "./parts.ts";

/**
 * Since arrival, ms: far beyond the days in which an event may be sent again, and enough for questions to D1. At
 * 100,000 rows a day and 0.5 kB a row that is 4.5 GB, half of what one database may have.
 */
export const EVENTS_KEPT = 90 * 86_400_000;
/** Rows that one slice looks at. */
const SLICE_ROWS = 5000;

const State = z.object({
  before: z.number(),
  /** Everything up to this `seq` has been looked at. Runs of earlier versions did not say. */
  after: z.number().default(0),
});

type State = z.infer<typeof State>;

export const retainEvents = defineJob<State>({
  name: "retain-events",
  summary: "Deletes events older than 90 days from D1 once their export is verified.",
  lease: EXPORTS_LEASE,
  state: State,
  begin: (_, { clock }) => Promise.resolve({ before: clock() - EVENTS_KEPT, after: 0 }),
  step: async ({ before, after }, { DB }): Promise<Slice<State>> => {
    const db = drizzle(DB);
    const [part] = await db.all<{ to_seq: number | null; oldest: number | null }>(sql`
      select max(seq) as to_seq, min(received_at) as oldest from (
        select seq, received_at from ${events} where seq > ${after} order by seq limit ${SLICE_ROWS})`);
    const to = part?.to_seq ?? null;
    if (to === null || (part?.oldest ?? before) >= before)
      return { done: true, state: { before, after }, counts: {} };
    // The newest level of an item's stock stays: a late, older one must not win over it.
    const { meta } = await db.run(sql`
      delete from ${events} where seq > ${after} and seq <= ${to} and received_at < ${before}
        and seq <= (select max(to_seq) from ${exportParts} where status = 'verified')
        and seq < coalesce((select min(from_seq) from ${exportParts} where status <> 'verified'), seq + 1)
        and not (name = 'stock_update' and not exists (
          select 1 from ${events} newer where newer.name = 'stock_update'
            and newer.item_id = events.item_id and newer.timestamp > events.timestamp))`);
    return { done: false, state: { before, after: to }, counts: { deleted: meta.changes } };
  },
});
