// Reads every byte below a folder, what is packed in it as well, and tells which needles it found where.
import { copyFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readParquetRows } from "../../src/lab/sources/parquet-rows.ts";
import { MARK } from "./marked-shopper.ts";
import { makeFolder } from "../support/folder.ts";

/** `live`: in a row or an object. `free`: in bytes of a file that its database no longer counts as its own. */
export type Finding = { store: string; needle: string; kind: "live" | "free" };

/** A pseudonym, wherever it begins: columns of a row stand side by side in a file. */
const RUNS = /[\w-]{32,}/g;
const PSEUDONYM_LENGTH = 32;
const MARKS = new RegExp(`${MARK}[0-9a-f]{16}`, "g");

/** @param needles marks without their field, and pseudonyms */
export async function scan(
  folder: string,
  needles: ReadonlySet<string>,
): Promise<{ findings: Finding[]; files: number; bytes: number }> {
  const findings: Finding[] = [];
  let files = 0;
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = readFileSync(path);
    files++;
    bytes += content.length;
    const store = relative(folder, path);
    const live = new Map<string, string>();
    if (path.endsWith(".sqlite")) readTables(path, (table, text) => note(table, text));
    else if (content.subarray(0, 4).toString("latin1") === "PAR1") {
      for await (const row of readParquetRows(path)) note("rows", JSON.stringify(row, writable));
    }
    function note(part: string, text: string) {
      for (const needle of findIn(text, needles)) live.set(needle, part);
    }
    const raw = findIn(content.toString("latin1"), needles);
    for (const [needle, part] of live)
      findings.push({ store: `${store} ${part}`, needle, kind: "live" });
    // What is in no row of a database is in its free space; in any other file every byte counts.
    const isDatabase = /\.sqlite(-wal|-shm)?$/.test(path);
    for (const needle of raw) {
      if (!live.has(needle)) findings.push({ store, needle, kind: isDatabase ? "free" : "live" });
    }
  }
  return { findings, files, bytes };
}

function findIn(text: string, needles: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const look = (it: string) => needles.has(it) && found.add(it);
  for (const [mark] of text.matchAll(MARKS)) look(mark);
  for (const [run] of text.matchAll(RUNS)) {
    for (let at = 0; at + PSEUDONYM_LENGTH <= run.length; at++) {
      look(run.slice(at, at + PSEUDONYM_LENGTH));
    }
  }
  return found;
}

const writable = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);

/** Every row of every table, from a copy: to open a database may change it. */
function readTables(path: string, note: (table: string, text: string) => void): void {
  const folder = makeFolder();
  try {
    const copy = join(folder, "copy.sqlite");
    for (const suffix of ["", "-wal", "-shm"]) {
      try {
        copyFileSync(path + suffix, copy + suffix);
      } catch {
        // It has none.
      }
    }
    const database = new DatabaseSync(copy);
    const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
    for (const { name } of tables) {
      const table = String(name);
      const rows = database.prepare(`select * from "${table}"`);
      rows.setReadBigInts(true);
      for (const row of rows.iterate()) note(table, textOf(row));
    }
    database.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function textOf(row: Record<string, unknown>): string {
  return Object.values(row)
    .map((value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value),
    )
    .join("\n");
}
