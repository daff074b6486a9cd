// UCI Online Shoppers Purchasing Intention: whole sessions as a table. Judged ahead in time: February to October to learn,
// November and December to judge. PageValues holds the answer: Analytics computes it from the transaction.
import { labelsOfBuys } from "../../../../models/intent/train/rows.ts";
import type { IntentRow } from "../../../../models/intent/train/rows.ts";
import { readCsv } from "../../sources/csv-file.ts";
import type { CsvRow } from "../../sources/csv-file.ts";
import { Skips } from "../../sources/skips.ts";

const MONTHS = ["Feb", "Mar", "May", "June", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const JUDGED_FROM = MONTHS.indexOf("Nov");
/** Counts and seconds, read by their logarithm. */
const AMOUNTS = [
  "Administrative",
  "Administrative_Duration",
  "Informational",
  "Informational_Duration",
  "ProductRelated",
  "ProductRelated_Duration",
];
/** Smallest share that differs from none, so that a logarithm tells shares near 0 apart. */
const SMALLEST_SHARE = 0.003;
/** Kinds of a column that are told apart; the rest are one. */
const KINDS = { OperatingSystems: 4, Browser: 4, TrafficType: 4 };
const OTHERS = ["ExitRates", "BounceRates", "PageValues", "SpecialDay", "VisitorType", "Weekend"];
const COLUMNS = Object.fromEntries(
  [...AMOUNTS, ...OTHERS, ...Object.keys(KINDS), "Month", "Revenue"].map((name) => [name, [name]]),
);
/** More than the file has rows, so that months come before rows. */
const MONTH = 1e6;

export type ShoppersTable = { learn: IntentRow[]; judge: IntentRow[] };

/** @param withAnswer whether PageValues is read */
export async function readOnlineShoppers(
  path: string,
  withAnswer: boolean,
): Promise<ShoppersTable> {
  const sides: ShoppersTable = { learn: [], judge: [] };
  for await (const cells of readCsv(path, COLUMNS, new Skips())) {
    const { ordinal } = cells;
    const month = MONTHS.indexOf(cells.get("Month"));
    sides[month < JUDGED_FROM ? "learn" : "judge"].push({
      features: readRow(cells, withAnswer),
      labels: labelsOfBuys(isTrue(cells.get("Revenue"))),
      shopper: String(ordinal),
      session: ordinal,
      // The file is in the order of its months only.
      started_at: month * MONTH + ordinal,
      firstAdd: false,
    });
  }
  return sides;
}

function readRow(cells: CsvRow, withAnswer: boolean): Float32Array {
  const number = (name: string) => Number(cells.get(name));
  const pages = number("Administrative") + number("Informational") + number("ProductRelated");
  const visitor = cells.get("VisitorType");
  const values = [
    ...AMOUNTS.map((name) => Math.log1p(Math.max(0, number(name)))),
    Math.log1p(number("ProductRelated_Duration") / Math.max(1, number("ProductRelated"))),
    number("ProductRelated") / Math.max(1, pages),
    Math.log(number("ExitRates") + SMALLEST_SHARE),
    Math.log(number("BounceRates") + SMALLEST_SHARE),
    number("SpecialDay"),
    Number(isTrue(cells.get("Weekend"))),
    Number(visitor === "New_Visitor"),
    Number(visitor === "Returning_Visitor"),
    ...Object.entries(KINDS).flatMap(([name, kinds]) =>
      Array.from({ length: kinds }, (_, kind) => Number(number(name) === kind + 1)),
    ),
  ];
  const told = Math.log1p(number("PageValues"));
  return Float32Array.from(withAnswer ? [...values, told, Number(told > 0)] : values);
}

function isTrue(cell: string): boolean {
  return cell.toUpperCase() === "TRUE";
}
