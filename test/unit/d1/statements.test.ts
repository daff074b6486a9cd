// Rows become statements within D1's limits and queue messages within theirs.
import * as fc from "fast-check";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { buildInserts } from "../../../src/d1/insert-rows.ts";
import { compileStatement, MAX_PARAMETERS } from "../../../src/d1/compile-statement.ts";
import { deadLetters } from "../../../src/log/schema.ts";
import { splitBySize } from "../../../durable/message-size.ts";

const COLUMNS = ["message_id", "reason", "body", "stored_at"];

describe("buildInserts", () => {
  it("binds one parameter a statement, however many rows there are", () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => [`m${i}`, "why", "x".repeat(100), i]);
    const statements = buildInserts(deadLetters, COLUMNS, rows);
    expect(statements.length).toBeGreaterThan(1);
    const bound = statements.flatMap((statement) => {
      const { params } = compileStatement(statement);
      expect(params).toHaveLength(1);
      const part: unknown = JSON.parse(String(params[0]));
      return part;
    });
    expect(bound).toEqual(rows);
  });

  it("makes no statement of no rows, and none for a column that is not", () => {
    expect(buildInserts(deadLetters, COLUMNS, [])).toEqual([]);
    expect(() => buildInserts(deadLetters, ["nowhere"], [[1]])).toThrow("nowhere");
  });
});

describe("compile", () => {
  it("refuses what D1 would refuse in production", () => {
    const bind = (count: number) =>
      sql.join(
        Array.from({ length: count }, (_, i) => sql`${i}`),
        sql`, `,
      );
    expect(compileStatement(sql`select ${bind(MAX_PARAMETERS)}`).params).toHaveLength(100);
    expect(() => compileStatement(sql`select ${bind(MAX_PARAMETERS + 1)}`)).toThrow(
      "101 parameters",
    );
  });
});

describe("splitBySize", () => {
  it("keeps every row, in order, within the limit wherever one row fits it", () => {
    const LIMIT = 400;
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 200 })), (rows) => {
        const parts = splitBySize(rows, LIMIT);
        expect(parts.flat()).toEqual(rows);
        for (const part of parts) {
          expect(part.length).toBeGreaterThan(0);
          const bytes = new TextEncoder().encode(JSON.stringify(part)).byteLength;
          expect(part.length === 1 || bytes <= LIMIT + 1).toBe(true);
        }
      }),
    );
  });
});
