// The batch side of "collect, clean, de-duplicate, fill": one slice of the log, each step counted.
import {
  groupByEvent,
  type CarriedSession,
  type CleanRow,
  type EventGroup,
  type EventRow,
  type ItemFacts,
} from "./event.ts";
import { fillRow } from "./fill.ts";
import { ShopperSessions } from "./sessions.ts";

export type Cleaned = {
  /** To learn from, and what was set aside; together every row that came in. */
  kept: CleanRow[];
  aside: { row: CleanRow; why: string }[];
  /** Each shopper's session as this slice leaves it. */
  sessions: CarriedSession[];
};

/**
 * @param rows in any order, each event complete
 * @param carried sessions as the slice before left them, by shopper
 */
export function cleanRows(
  rows: readonly EventRow[],
  carried: ReadonlyMap<string, CarriedSession>,
  facts: ReadonlyMap<string, ItemFacts>,
): Cleaned {
  const cleaned: Cleaned = { kept: [], aside: [], sessions: [] };
  for (const [shopper, groups] of groupByShopper(rows)) {
    const sessions = new ShopperSessions(carried.get(shopper) ?? null);
    for (const group of groups.sort(compareGroups)) {
      const { session, derived, label } = sessions.assign(group);
      for (const line of group.rows) {
        const filled = fillRow(line, line.item_id === null ? undefined : facts.get(line.item_id));
        const row = { ...filled, session, session_derived: derived };
        if (label === "kept") cleaned.kept.push(row);
        else cleaned.aside.push({ row, why: label });
      }
    }
    const { latest } = sessions;
    if (latest !== null) cleaned.sessions.push(latest);
  }
  return cleaned;
}

function groupByShopper(rows: readonly EventRow[]): Map<string, EventGroup[]> {
  const shoppers = new Map<string, EventGroup[]>();
  for (const group of groupByEvent(rows)) {
    const groups = shoppers.get(group.head.shopper);
    if (groups === undefined) shoppers.set(group.head.shopper, [group]);
    else groups.push(group);
  }
  return shoppers;
}

function compareGroups({ head: a }: EventGroup, { head: b }: EventGroup): number {
  return a.timestamp - b.timestamp || a.seq - b.seq;
}

/** Rows that each step touched, by the step's name. */
export function countSteps(rows: readonly CleanRow[]): Record<string, number> {
  const count = (touched: (row: CleanRow) => boolean) => rows.filter(touched).length;
  return {
    sessions_derived: count((row) => row.session_derived),
    price_filled: count((row) => row.price_filled),
    category_filled: count((row) => row.category_filled),
    brand_filled: count((row) => row.brand_filled),
    outlier_price: count((row) => row.outlier === "price"),
    outlier_quantity: count((row) => row.outlier === "quantity"),
  };
}
