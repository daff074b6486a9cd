// Runs hand-written statements in one D1 transaction. (Drizzle's own `batch` cannot bind the parameters of raw SQL.)
import type { SQL } from "drizzle-orm";
import { compileStatement } from "./compile-statement.ts";

/** All statements or none. Answers with the rows of each, in order. */
export async function runBatch(
  database: D1Database,
  statements: readonly SQL[],
): Promise<unknown[][]> {
  if (statements.length === 0) return [];
  const prepared = statements.map((statement) => {
    const { sql, params } = compileStatement(statement);
    return database.prepare(sql).bind(...params);
  });
  const answers = await database.batch(prepared);
  return answers.map(({ results }) => results);
}
