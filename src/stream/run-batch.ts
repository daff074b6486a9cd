// Runs hand-written statements in one D1 transaction. (Drizzle's own `batch` cannot bind the parameters of raw SQL.)
import type { SQL } from "drizzle-orm";
import { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";

/** D1's limit; to hit it here tells which statement it was. */
export const MAX_PARAMETERS = 100;

const DIALECT = new SQLiteSyncDialect();

/** All statements or none. Answers with the rows of each, in order. */
export async function runBatch(
  database: D1Database,
  statements: readonly SQL[],
): Promise<unknown[][]> {
  if (statements.length === 0) return [];
  const prepared = statements.map((statement) => {
    const { sql, params } = compile(statement);
    return database.prepare(sql).bind(...params);
  });
  const answers = await database.batch(prepared);
  return answers.map(({ results }) => results);
}

/** Throws where D1 would refuse the statement in production. */
export function compile(statement: SQL): { sql: string; params: unknown[] } {
  const { sql, params } = DIALECT.sqlToQuery(statement);
  if (params.length > MAX_PARAMETERS) {
    throw new Error(`A statement binds ${params.length} parameters; D1 allows ${MAX_PARAMETERS}.`);
  }
  return { sql, params };
}
