// A history in Parquet, whatever it is compressed with.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, describe, expect, it } from "vitest";
import { openHistory } from "../../../../src/lab/history/open-history.ts";
import type { HistoryRow } from "../../../../src/lab/history/record.ts";
import { makeFolder } from "../../../support/folder.ts";

const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true }));

const NOON = Date.UTC(2026, 0, 15, 12);

describe("Parquet", () => {
  it.each(["uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4", "lz4_raw"])(
    "is read when it is compressed with %s",
    async (codec) => {
      const path = join(folder, `${codec}.parquet`);
      const instance = await DuckDBInstance.create(":memory:");
      const connection = await instance.connect();
      await connection.run(
        `copy (select 'u' || (i % 50) as user_id, i as item_id, timestamp '2026-01-15 12:00:00' as event_time
          from range(1000) t(i)) to '${path}' (format parquet, compression ${codec})`,
      );
      connection.closeSync();
      const rows: HistoryRow[] = [];
      for await (const row of (await openHistory(path)).rows()) rows.push(row);
      expect(rows).toHaveLength(1000);
      expect(rows[7]).toMatchObject({
        kind: "event",
        line: 8,
        event: { user_id: "u7", items: [{ item_id: "7" }], timestamp: NOON },
      });
    },
  );
});
