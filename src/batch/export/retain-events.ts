// Nightly, last: old rows leave D1, but only such as a verified file holds.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import * as z from "zod";
import { events } from "../../stream/schema.ts";
import { defineJob } from "../job.ts";
import { exportParts } from "../schema.ts";
import { EXPORTS_LEASE } from "./parts.ts";

/**
 * Since arrival, ms: far beyond the days in which an event may be sent again, and enough for questions to D1. At
 * 100,000 rows a day and 0.5 kB a row that is 4.5 GB, half of what one database may have.
 */
export const EVENTS_KEPT = 90 * 86_400_000;
/** Rows of one slice. */
const SLICE_ROWS = 5000;

export const retainEvents = defineJob({
  name: "retain-events",
  summary: "Deletes events older than 90 days from D1 once their export is verified.",
  lease: EXPORTS_LEASE,
  state: z.object({ before: z.number() }),
  begin: (_, { clock }) => Promise.resolve({ before: clock() - EVENTS_KEPT }),
  step: async (state, { DB }) => {
    // The newest level of an item's stock stays: a late, older one must not win over it.
    const { meta } = await drizzle(DB).run(sql`
      delete from ${events} where seq in (
        select seq from ${events} old
        where received_at < ${state.before}
          and seq <= (select max(to_seq) from ${exportParts} where status = 'verified')
          and seq < coalesce((select min(from_seq) from ${exportParts} where status <> 'verified'), seq + 1)
          and not (name = 'stock_update' and not exists (
            select 1 from ${events} newer where newer.name = 'stock_update'
              and newer.item_id = old.item_id and newer.timestamp > old.timestamp))
        order by seq limit ${SLICE_ROWS})`);
    return { done: meta.changes === 0, state, counts: { deleted: meta.changes } };
  },
});
