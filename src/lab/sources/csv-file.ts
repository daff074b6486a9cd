// Streams a CSV file (plain or gzipped) as rows by column name. A row that does not fit the header is lost by itself, and
// told with its line.
import { checkWidth, guessDelimiter, readRows, ROW_FAULTS } from "../../files/delimited.ts";
import { createTolerantDecoder, readRawLines } from "../../files/lines.ts";
import { openFile } from "./open-file.ts";
import { SourceError } from "./source-event.ts";
import type { Skips } from "./skips.ts";
import { explainReadError } from "./text-file.ts";

/** `ordinal` counts data rows from 1, malformed ones included; `text` is the row's content for hashing. */
export type CsvRow = { ordinal: number; text: string; get(column: string): string };

/** Bytes of a line; rows of these logs are far shorter. */
const MAX_LINE = 65_536;
/** Bad rows that are told with their line; further ones are counted. */
const TOLD = 5;

/**
 * @param columns what the caller needs, each with the spellings that published forms of the file use;
 *   one whose spellings include "" may be absent (it then reads as "").
 */
export async function* readCsv(
  path: string,
  columns: Record<string, readonly string[]>,
  skips: Skips,
): AsyncGenerator<CsvRow> {
  const { bytes, head } = await openFile(path);
  const delimiter = guessDelimiter(head.split(/\r?\n/, 1)[0] ?? "");
  const lines = readRawLines(bytes, MAX_LINE, createTolerantDecoder());
  let places: Map<string, number> | null = null;
  let header: readonly string[] = [];
  let ordinal = 0;
  try {
    for await (const row of readRows(lines, delimiter)) {
      if (places === null) {
        header = row.kind === "row" ? row.cells : [];
        places = locateColumns(path, header, columns);
        continue;
      }
      ordinal++;
      const fault = row.kind === "bad" ? ROW_FAULTS[row.reason] : checkWidth(row.cells, header);
      if (row.kind === "bad" || fault !== null) {
        skips.lose(skips.lost < TOLD ? `line ${row.line}: ${fault ?? ""}` : "further bad rows");
        continue;
      }
      const { cells } = row;
      const found = places;
      yield {
        ordinal,
        text: cells.join(","),
        get: (column) => cells[found.get(column) ?? -1] ?? "",
      };
    }
  } catch (error) {
    throw explainReadError(path, error);
  }
  if (places === null) throw new SourceError(`${path} is empty.`);
}

function locateColumns(
  path: string,
  header: readonly string[],
  columns: Record<string, readonly string[]>,
): Map<string, number> {
  const places = new Map<string, number>();
  for (const [column, spellings] of Object.entries(columns)) {
    const place = header.findIndex((cell) => cell !== "" && spellings.includes(cell));
    if (place >= 0) places.set(column, place);
    else if (!spellings.includes("")) {
      throw new SourceError(
        `${path} has no column ${column}; its header is: ${header.join(", ")}.`,
      );
    }
  }
  return places;
}
