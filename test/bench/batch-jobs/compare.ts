// Holds the exported files against D1 by another engine: DuckDB reads them as they are.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { RetrainClient } from "../../../src/learn/fetch/client.ts";
import type { BenchWorker } from "../miniflare-worker.ts";

/** Sums that any lost, doubled or changed row would change; they stay below 2^63 in both engines. */
const SUMS = `count(*) as row_count, sum(seq) as seqs, sum(price) as prices, sum(seq % 1000003 * price) as mixed,
  sum(length(event_id)) as ids, count(distinct item_id) as items`;

export type Sums = Record<string, string>;

export async function sumLog({ database }: BenchWorker["storage"]): Promise<Sums> {
  return toText((await database.prepare(`select ${SUMS} from events`).first()) ?? {});
}

/** Downloads all files into `folder`; throws where one is not what its hash says. */
export async function sumExports(
  client: RetrainClient,
  folder: string,
): Promise<{ sums: Sums; files: number; bytes: number }> {
  const { exports } = await client.listExports();
  let [files, bytes] = [0, 0];
  for (const { dt, parts } of exports) {
    for (const { name, sha256 } of parts) {
      const content = await client.download(`/v1/exports/${dt}/${name}`);
      if (createHash("sha256").update(content).digest("hex") !== sha256)
        throw new Error(`${dt}/${name} is not the file that its hash names.`);
      const path = join(folder, `dt=${dt}`, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      files++;
      bytes += content.length;
    }
  }
  const duckdb = await (await DuckDBInstance.create()).connect();
  const from = `read_parquet('${folder}/*/*.parquet', hive_partitioning = true)`;
  const reader = await duckdb.runAndReadAll(`select ${SUMS} from ${from}`);
  duckdb.closeSync();
  return { sums: toText(reader.getRowObjectsJson()[0] ?? {}), files, bytes };
}

function toText(row: object): Sums {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));
}
