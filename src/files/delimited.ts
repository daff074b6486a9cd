// CSV and its kin as rows of cells, by RFC 4180, line by line. A quote that nobody closes costs the line that it stands
// in, and not the rest of the file: parsers that take a file as one text cannot begin again at the next line.
import type { Line } from "./lines.ts";

export type Row =
  | { kind: "row"; line: number; cells: string[] }
  | { kind: "bad"; line: number; reason: keyof typeof ROW_FAULTS };

/** A cell may have line breaks: descriptions do. Lines of one row at most, and its characters. */
const MAX_LINES = 1000;
const MAX_CHARACTERS = 200_000;

/** What a sender is told. */
export const ROW_FAULTS = {
  unclosed_quote: "A quote begins here and does not end in this row.",
  stray_quote: "A quote ends within a cell; written twice it means the sign itself.",
  too_long: "The row is too long.",
};

const QUOTE = '"';

/** A row whose last cell is still within quotes. */
type Open = { cells: string[]; cell: string };

type Scan = { kind: "row"; cells: string[] } | ({ kind: "open" } & Open) | { kind: "stray_quote" };

/** Yields a row for each record; `line` is the number of its first line. Lines that are blank are passed over. */
export async function* readRows(
  lines: AsyncIterable<Line>,
  delimiter: string,
): AsyncGenerator<Row> {
  const cutter = new RowCutter(delimiter);
  for await (const line of lines) yield* cutter.push(line);
  yield* cutter.finish();
}

/** The same over lines that come one after the other. */
class RowCutter {
  readonly #delimiter: string;
  /** Lines of the row that is open. */
  #held: Line[] = [];
  #characters = 0;
  #open: Open | null = null;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  push(line: Line): Row[] {
    const rows: Row[] = [];
    const waiting = [line];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      // Where an open row turns out to be none, its later lines are read again, each as a beginning.
      waiting.unshift(...this.#take(next, rows));
    }
    return rows;
  }

  /** What is left when there are no more lines. */
  finish(): Row[] {
    const rows: Row[] = [];
    while (this.#open !== null) {
      const again = this.#giveUp("unclosed_quote", rows);
      for (const line of again) rows.push(...this.push(line));
    }
    return rows;
  }

  /** Gives back the lines that are to be read again. */
  #take(line: Line, rows: Row[]): Line[] {
    if (this.#open === null) {
      if (line.kind !== "line") {
        rows.push({ kind: "bad", line: line.number, reason: "too_long" });
        return [];
      }
      if (line.text.trim() === "") return [];
    }
    const before = this.#open;
    this.#held.push(line);
    this.#characters += line.kind === "line" ? line.text.length : MAX_CHARACTERS;
    if (this.#held.length > MAX_LINES || this.#characters > MAX_CHARACTERS) {
      return this.#giveUp(before === null ? "too_long" : "unclosed_quote", rows);
    }
    const text = line.kind === "line" ? line.text : "";
    const scan =
      before === null
        ? scanCells(text, [], this.#delimiter)
        : goOn(text, { ...before, cell: `${before.cell}\n` }, this.#delimiter);
    if (scan.kind === "stray_quote") return this.#giveUp("stray_quote", rows);
    if (scan.kind === "open") {
      this.#open = { cells: scan.cells, cell: scan.cell };
      return [];
    }
    rows.push({ kind: "row", line: this.#held[0]?.number ?? line.number, cells: scan.cells });
    this.#close();
    return [];
  }

  /** Refuses the first line that is held; the others may be rows of their own. */
  #giveUp(reason: keyof typeof ROW_FAULTS, rows: Row[]): Line[] {
    const [first, ...rest] = this.#held;
    this.#close();
    if (first !== undefined) rows.push({ kind: "bad", line: first.number, reason });
    return rest;
  }

  #close(): void {
    this.#held = [];
    this.#characters = 0;
    this.#open = null;
  }
}

/** Cells from the beginning of `text`, where one begins; a quote within a cell that has not begun with one is a character. */
function scanCells(text: string, cells: string[], delimiter: string): Scan {
  if (!text.includes(QUOTE)) {
    cells.push(...text.split(delimiter));
    return { kind: "row", cells };
  }
  let start = 0;
  for (;;) {
    if (text.startsWith(QUOTE, start)) {
      return goOn(text.slice(start + 1), { cells, cell: "" }, delimiter);
    }
    const end = text.indexOf(delimiter, start);
    cells.push(end === -1 ? text.slice(start) : text.slice(start, end));
    if (end === -1) return { kind: "row", cells };
    start = end + delimiter.length;
  }
}

/** Goes on within quotes. */
function goOn(text: string, { cells, cell }: Open, delimiter: string): Scan {
  let start = 0;
  let whole = cell;
  for (;;) {
    const quote = text.indexOf(QUOTE, start);
    if (quote === -1) return { kind: "open", cells, cell: whole + text.slice(start) };
    whole += text.slice(start, quote);
    const after = quote + 1;
    if (text.startsWith(QUOTE, after)) {
      whole += QUOTE;
      start = after + 1;
      continue;
    }
    const closed = [...cells, whole];
    if (text.slice(after).trim() === "" && !text.startsWith(delimiter, after)) {
      return { kind: "row", cells: closed };
    }
    if (!text.startsWith(delimiter, after)) return { kind: "stray_quote" };
    return scanCells(text.slice(after + delimiter.length), closed, delimiter);
  }
}

const DELIMITERS = [",", "\t", ";", "|"];

/** What separates the cells of a header: the sign that stands in it most often. */
export function guessDelimiter(header: string): string {
  const plain = header.replaceAll(/"[^"]*"/g, "");
  const counts = DELIMITERS.map((sign) => plain.split(sign).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

/** A sentence where a row does not fit its header. Spreadsheets leave blank cells behind the last column. */
export function checkWidth(cells: readonly string[], columns: readonly string[]): string | null {
  const beyond = cells.slice(columns.length);
  if (cells.length >= columns.length && beyond.every((cell) => cell.trim() === "")) return null;
  return `The row has ${cells.length} cells, the header ${columns.length}.`;
}
