// Nightly, last: tells trainers that wait (`npm run retrain -- --watch`) that there is something new to learn from.
// A run that is done is the signal; its counts say how much is new.
import { gt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import * as z from "zod";
import { defineJob } from "./run/job.ts";
import { exportParts } from "./run/schema.ts";

export const requestRetraining = defineJob({
  name: "request-retraining",
  summary: "Signals waiting trainers that the night's export is verified.",
  state: z.object({ after: z.number() }),
  begin: (last) => Promise.resolve({ after: last?.after ?? 0 }),
  step: async ({ after }, { DB }) => {
    const [fresh] = await drizzle(DB)
      .select({
        to_seq: sql<number | null>`max(to_seq)`,
        rows: sql<number>`coalesce(sum(rows), 0)`,
      })
      .from(exportParts)
      .where(sql`status = 'verified' and kind = 'events' and ${gt(exportParts.to_seq, after)}`);
    return {
      done: true,
      state: { after: fresh?.to_seq ?? after },
      counts: { new_rows: fresh?.rows ?? 0 },
    };
  },
});
