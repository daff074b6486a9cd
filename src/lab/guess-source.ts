// What kind of log a file is, by how it begins.
import { guessDelimiter } from "../files/delimited.ts";
import { openRecords } from "./history/record-file.ts";
import { isParquet } from "./history/parquet-file.ts";
import { guessMapping } from "./history/mapping.ts";
import { openFile } from "./sources/open-file.ts";
import { probeFile } from "./sources/text-file.ts";

/** Columns by which the public logs are known, each in any of its spellings. */
const KNOWN: readonly (readonly [source: string, columns: readonly (readonly string[])[]])[] = [
  ["retailrocket", [["timestamp"], ["visitorid", "visitor_id"], ["event"], ["itemid", "item_id"]]],
  [
    "rees46",
    [
      ["event_time"],
      ["event_type"],
      ["product_id"],
      ["category_id"],
      ["user_id"],
      ["user_session"],
    ],
  ],
  ["online-retail", [["InvoiceNo"], ["StockCode"], ["InvoiceDate"], ["UnitPrice"]]],
];

/** Of what lines `npm run simulate` writes. */
const SIMULATED = /^\{"(?:item|event)":\{/;
/** Signs that stand between cells and not between the ids of a session. */
const CELLS = /[,;|]/;

/** @param map given, it is a history whose columns it names */
export async function guessSource(path: string, map?: string): Promise<string> {
  probeFile(path);
  if (map !== undefined) return "history";
  if (isParquet(path)) return findKnown((await openRecords(path)).columns) ?? "history";
  const { head } = await openFile(path);
  const [line = ""] = head.trimStart().split(/\r?\n/, 1);
  if (SIMULATED.test(line)) return "simulated";
  if (line.startsWith("{") || line.startsWith("[")) return "history";
  const columns = line.split(guessDelimiter(line)).map((cell) => cell.trim());
  return findKnown(columns) ?? (CELLS.test(line) || isHeader(columns) ? "history" : "sessions");
}

function findKnown(columns: readonly string[]): string | undefined {
  const known = KNOWN.find(([, wanted]) =>
    wanted.every((spellings) => spellings.some((name) => columns.includes(name))),
  );
  return known?.[0];
}

/** Files of test pairs have tabs as well, but no names. */
function isHeader(columns: readonly string[]): boolean {
  return Object.keys(guessMapping(columns).columns).length >= 2;
}
