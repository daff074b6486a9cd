// UCI Online Retail (Parquet): purchases and refunds, no views.
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { readInvoices, readProducts } from "./invoices.ts";
import { Skips } from "./skips.ts";
import type { Source } from "./source-event.ts";
import { explainReadError, probeFile } from "./text-file.ts";

async function readObjects(path: string): Promise<Record<string, unknown>[]> {
  probeFile(path);
  try {
    return await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  } catch (error) {
    throw explainReadError(path, error);
  }
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
  };
}
