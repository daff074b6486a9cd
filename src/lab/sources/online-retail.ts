// UCI Online Retail (Parquet): purchases and refunds, no views.
import { readParquetRows } from "./parquet-rows.ts";
import { readInvoices, readProducts } from "./invoices.ts";
import { Skips } from "./skips.ts";
import type { Source } from "./source-event.ts";
import { probeFile } from "./text-file.ts";

async function readObjects(path: string): Promise<Record<string, unknown>[]> {
  probeFile(path);
  const rows: Record<string, unknown>[] = [];
  for await (const row of readParquetRows(path)) rows.push(row);
  return rows;
}

export function openOnlineRetail(path: string): Source {
  const skips = new Skips();
  return {
    name: "online-retail",
    async *events() {
      skips.reset();
      yield* readInvoices(await readObjects(path), skips);
    },
    catalogue: async () => readProducts(await readObjects(path), new Skips()),
    skipped: () => skips.toRecord(),
    lost: () => skips.lost,
  };
}
