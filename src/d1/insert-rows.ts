// Inserts many rows with one bound parameter: D1 allows 100 a statement, json_each makes one do.
import { sql, type SQL } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { splitBySize } from "../../durable/message-size.ts";

/** A parameter may have 2 MB; smaller statements let other queries in between. Bytes of JSON. */
const CHUNK_BYTES = 500_000;

export type Cell = string | number | null;

export type InsertOptions = {
  /** Which rows to take; `value ->> n` is the n-th cell. */
  where?: SQL;
  /** What happens to a row that is there already; by default it stays as it is. */
  onConflict?: SQL;
};

/**
 * Statements of one parameter each. A statement takes all its rows or none.
 *
 * @param columns names of the table's columns, in the order of each row's cells
 */
export function buildInserts(
  table: SQLiteTable,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  { where = sql`true`, onConflict = sql`on conflict do nothing` }: InsertOptions = {},
): SQL[] {
  const known = new Set(getTableConfig(table).columns.map((column) => column.name));
  const strange = columns.find((column) => !known.has(column));
  if (strange !== undefined) throw new Error(`There is no column ${strange}.`);
  const names = sql.join(
    columns.map((column) => sql.identifier(column)),
    sql`, `,
  );
  const cells = sql.join(
    columns.map((_, index) => sql.raw(`value ->> ${index}`)),
    sql`, `,
  );
  return splitBySize(rows, CHUNK_BYTES).map(
    (part) =>
      sql`insert into ${table} (${names}) select ${cells} from json_each(${JSON.stringify(part)}) where ${where} ${onConflict}`,
  );
}
