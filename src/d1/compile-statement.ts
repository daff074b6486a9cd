// Turns a hand-written statement into text and parameters, within D1's limit. Pure: it knows no database.
import type { SQL } from "drizzle-orm";
import { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";

/** D1's limit; to hit it here tells which statement it was. */
export const MAX_PARAMETERS = 100;

const DIALECT = new SQLiteSyncDialect();

/** Throws where D1 would refuse the statement in production. */
export function compileStatement(statement: SQL): { sql: string; params: unknown[] } {
  const { sql, params } = DIALECT.sqlToQuery(statement);
  if (params.length > MAX_PARAMETERS) {
    throw new Error(`A statement binds ${params.length} parameters; D1 allows ${MAX_PARAMETERS}.`);
  }
  return { sql, params };
}
