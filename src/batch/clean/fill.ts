// Fills what an event left out from the catalogue, and marks what cannot be right. Nothing is thrown away.
import type { CleanRow, EventRow, ItemFacts } from "./event.ts";

/** A price this many times above or below the catalogue's is a mistake in units, not a sale. */
const PRICE_RATIO = 20;
/** Pieces of one item in one line; households do not buy that. */
const MAX_QUANTITY = 1000;
/** Its quantity is a level and its item is not for sale in it. */
const STOCK = "stock_update";

type Filled = Omit<CleanRow, "session" | "session_derived">;

export function fillRow(row: EventRow, facts: ItemFacts | undefined): Filled {
  const has = (mine: unknown, known: unknown) =>
    row.item_id !== null &&
    row.name !== STOCK &&
    mine === null &&
    known !== null &&
    known !== undefined;
  const price_filled = has(row.price, facts?.price);
  const category_filled = has(row.category, facts?.category);
  const brand_filled = has(row.brand, facts?.brand);
  return {
    ...row,
    price: price_filled ? (facts?.price ?? null) : row.price,
    category: category_filled ? (facts?.category ?? null) : row.category,
    brand: brand_filled ? (facts?.brand ?? null) : row.brand,
    price_filled,
    category_filled,
    brand_filled,
    outlier: findOutlier(row, facts),
  };
}

type Fillable = Pick<
  CleanRow,
  "price" | "category" | "brand" | "price_filled" | "category_filled" | "brand_filled"
>;

/** The row with what the log has. */
export function emptyFilled<Row extends Fillable>(row: Row): Row {
  return {
    ...row,
    price: row.price_filled ? null : row.price,
    category: row.category_filled ? null : row.category,
    brand: row.brand_filled ? null : row.brand,
  };
}

function findOutlier(row: EventRow, facts: ItemFacts | undefined): CleanRow["outlier"] {
  if (row.name === STOCK) return null;
  const usual = facts?.price ?? null;
  if (row.price !== null && usual !== null && usual > 0) {
    const ratio = row.price / usual;
    if (ratio > PRICE_RATIO || ratio < 1 / PRICE_RATIO) return "price";
  }
  return row.quantity !== null && row.quantity > MAX_QUANTITY ? "quantity" : null;
}
