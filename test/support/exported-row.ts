// A row of an exported file, as cleaning leaves it: a view of one item, unless told otherwise.
import type { CleanRow } from "../../src/batch/clean/event.ts";
import { makeRow } from "./records.ts";

export function exportedRow(change: Partial<CleanRow> = {}): CleanRow {
  return {
    ...makeRow({ event_id: `e${change.seq ?? 1}`, shopper: "ann" }),
    session: change.session_id ?? "~rs",
    session_derived: change.session_id == null,
    price_filled: false,
    category_filled: false,
    brand_filled: false,
    outlier: null,
    ...change,
  };
}
