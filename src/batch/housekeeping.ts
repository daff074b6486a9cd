// Nightly: drops what is kept for a while only.
import { sql, type SQL } from "drizzle-orm";
import * as z from "zod";
import {
  botEvents,
  deadLetters,
  erasures,
  rejectedEvents,
  shadowLists,
  shownLists,
} from "../log/schema.ts";
import { items, stockMoves } from "../catalog/schema.ts";
import { MOVES_KEPT } from "../catalog/stock-moves.ts";
import { runBatch } from "../d1/run-batch.ts";
import { EVENTS_KEPT } from "./export/retain-events.ts";
import { defineJob } from "./run/job.ts";
import { exportedErasures } from "./run/schema.ts";

const DAY = 86_400_000;
/** Rows that one slice deletes of each table; D1 stays free for others in between. */
const SLICE_ROWS = 5000;

/** Long enough to mend a storefront that sends nonsense, ms since it was last seen. */
const REJECTED_KEPT = 30 * DAY;
/** Who has not mended the cause by then never will, ms. */
const DEAD_LETTERS_KEPT = 90 * DAY;
/** Outlives every dead letter that may still speak of the shopper, and the queue's 14 days before, ms. */
const ERASURES_KEPT = 120 * DAY;

export const housekeeping = defineJob({
  name: "housekeeping",
  summary:
    "Drops refused rows, dead letters, what was shown, notes of erasures and movements of goods whose time is over.",
  state: z.object({ now: z.number() }),
  begin: (_, { clock }) => Promise.resolve({ now: clock() }),
  step: async (state, { DB }) => {
    const { now } = state;
    const deleted = await runBatch(DB, [
      dropOld(sql`${rejectedEvents}`, sql`last_at < ${now - REJECTED_KEPT}`),
      dropOld(sql`${deadLetters}`, sql`stored_at < ${now - DEAD_LETTERS_KEPT}`),
      dropOld(
        sql`${erasures}`,
        sql`erased_at < ${now - ERASURES_KEPT} and shopper in (select shopper from ${exportedErasures})`,
      ),
      dropOld(sql`${exportedErasures}`, sql`erased_at < ${now - ERASURES_KEPT}`),
      // What was shown is judged by events, which are gone by then.
      dropOld(sql`${shownLists}`, sql`timestamp < ${now - EVENTS_KEPT}`),
      dropOld(sql`${shadowLists}`, sql`timestamp < ${now - EVENTS_KEPT}`),
      dropOld(sql`${botEvents}`, sql`received_at < ${now - REJECTED_KEPT}`),
      // Of suppliers' orders lead times are learned; sales count until the item is counted anew.
      dropOld(
        sql`${stockMoves}`,
        sql`at < ${now - MOVES_KEPT} and kind not in ('po_placed', 'po_received', 'po_cancelled')
          and not exists (select 1 from ${items} i where i.item_id = stock_moves.item_id
            and i.stock_told is not null and i.stock_at < stock_moves.at)`,
      ),
    ]);
    const rows = deleted.map(({ length }) => length);
    const [rejected = 0, dead_letters = 0, erasure_notes = 0, , shown = 0, shadow_lists = 0] = rows;
    const stock_moves = rows.at(-1) ?? 0;
    const done = deleted.every((rows) => rows.length < SLICE_ROWS);
    return {
      done,
      state,
      counts: { rejected, dead_letters, erasure_notes, shown, shadow_lists, stock_moves },
    };
  },
});

function dropOld(table: SQL, old: SQL): SQL {
  return sql`delete from ${table} where rowid in (select rowid from ${table} where ${old} limit ${SLICE_ROWS}) returning 1`;
}
