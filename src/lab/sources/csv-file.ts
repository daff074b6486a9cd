// Streams a CSV file (plain or gzipped) as rows by column name; counts the rows that do not fit the header.
import { parse } from "csv-parse";
import { SourceError } from "./source-event.ts";
import type { Skips } from "./skips.ts";
import { explainReadError, openText } from "./text-file.ts";

/** `ordinal` counts data rows from 1, malformed ones included; `text` is the row's content for hashing. */
export type CsvRow = { ordinal: number; text: string; get(column: string): string };

/**
 * @param columns what the caller needs, each with the spellings that published forms of the file use;
 *   one whose spellings include "" may be absent (it then reads as "").
 */
export async function* readCsv(
  path: string,
  columns: Record<string, readonly string[]>,
  skips: Skips,
): AsyncGenerator<CsvRow> {
  const parser = parse({ bom: true, relax_column_count: true, relax_quotes: true });
  const input = openText(path);
  input.on("error", (error) => parser.destroy(error));
  input.pipe(parser);
  let indexes: Map<string, number> | null = null;
  let width = 0;
  let ordinal = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      if (indexes === null) {
        indexes = locateColumns(path, cells, columns);
        width = cells.length;
        continue;
      }
      ordinal++;
      if (cells.length !== width) {
        skips.add(`${cells.length} columns instead of ${width}`);
        continue;
      }
      const found = indexes;
      yield {
        ordinal,
        text: cells.join(","),
        get: (column) => cells[found.get(column) ?? -1] ?? "",
      };
    }
  } catch (error) {
    throw explainReadError(path, error);
  } finally {
    input.destroy();
  }
  if (indexes === null) throw new SourceError(`${path} is empty.`);
}

function locateColumns(
  path: string,
  header: readonly string[],
  columns: Record<string, readonly string[]>,
): Map<string, number> {
  const indexes = new Map<string, number>();
  for (const [column, spellings] of Object.entries(columns)) {
    const index = header.findIndex((cell) => cell !== "" && spellings.includes(cell));
    if (index >= 0) indexes.set(column, index);
    else if (!spellings.includes("")) {
      throw new SourceError(
        `${path} has no column ${column}; its header is: ${header.join(", ")}.`,
      );
    }
  }
  return indexes;
}
