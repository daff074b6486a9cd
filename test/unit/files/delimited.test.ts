// Laws of reading tables: what is written is read, wherever it is cut, and a stray quote costs one line.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { guessDelimiter, readRows, type Row } from "../../../src/files/delimited.ts";
import { createTolerantDecoder, readRawLines } from "../../../src/files/lines.ts";

async function read(text: string, delimiter = ",", cut = 7): Promise<Row[]> {
  const bytes = new TextEncoder().encode(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / cut) }, (_, i) =>
    bytes.subarray(i * cut, (i + 1) * cut),
  );
  const lines = readRawLines(stream(chunks), 10_000, createTolerantDecoder());
  const rows: Row[] = [];
  for await (const row of readRows(lines, delimiter)) rows.push(row);
  return rows;
}

async function* stream(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

it("reads every table that is written by RFC 4180", async () => {
  const cell = fc.string({
    unit: fc.constantFrom("a", "é", '"', ",", ";", "\n", " "),
    maxLength: 8,
  });
  const row = fc.array(cell, { minLength: 2, maxLength: 4 });
  const rows = fc.array(row, { maxLength: 6 });
  const delimiters = fc.constantFrom(",", ";", "\t");
  await fc.assert(
    fc.asyncProperty(rows, delimiters, fc.integer({ min: 1, max: 9 }), async (all, sign, cut) => {
      const text = all.map((cells) => cells.map(quote).join(sign)).join("\r\n");
      const found = await read(text, sign, cut);
      expect(found.map((each) => (each.kind === "row" ? each.cells : each.kind))).toEqual(all);
    }),
    { numRuns: 300 },
  );
});

it("loses no line but the one with a quote that nobody closes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 2500 }), fc.boolean(), async (bad, isQuoted) => {
      const lines = Array.from(
        { length: 2500 },
        (_, i) => `u${i},${isQuoted && i % 5 === 0 ? '"i"' : "i"},1`,
      );
      lines[bad - 1] = `u,"i5,1`;
      const rows = await read(lines.join("\n"), ",", 1 << 16);
      const lost = rows.filter((row) => row.kind === "bad").map((row) => row.line);
      expect(lost).toEqual([bad]);
      expect(rows).toHaveLength(2500);
    }),
    { numRuns: 20 },
  );
});

it("takes a quote within a cell as it stands, and refuses what follows a closed one", async () => {
  expect(await read('a,TV 32" flat,b\n"x"y,1\nc,d')).toEqual([
    { kind: "row", line: 1, cells: ["a", 'TV 32" flat', "b"] },
    { kind: "bad", line: 2, reason: "stray_quote" },
    { kind: "row", line: 3, cells: ["c", "d"] },
  ]);
});

it("tells a row by its first line, and passes over blank ones", async () => {
  expect(await read('\n"a\n\nb",1\n\nc,2\n')).toEqual([
    { kind: "row", line: 2, cells: ["a\n\nb", "1"] },
    { kind: "row", line: 6, cells: ["c", "2"] },
  ]);
});

it("reads what spreadsheets save in the code page of Windows", async () => {
  const bytes = Uint8Array.of(0x43, 0x61, 0x66, 0xe9);
  const [line] = await collect(readRawLines(stream([bytes]), 100, createTolerantDecoder()));
  expect(line).toMatchObject({ text: "Café" });
});

it("guesses the delimiter by the header", () => {
  expect(guessDelimiter("a,b,c")).toBe(",");
  expect(guessDelimiter('"a,b,c";d')).toBe(";");
  expect(guessDelimiter("a\tb\tc,d")).toBe("\t");
  expect(guessDelimiter("user_id")).toBe(",");
});

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const each of all) found.push(each);
  return found;
}
