// Streams all that is kept about a shopper, line by line, however much it is.
import { openShopper } from "../../../durable/stubs.ts";
import type { ShopperExport } from "../../../durable/contract.ts";
import { exportFromLog } from "../../log/erase.ts";
import { readSettings } from "../../shop/settings.ts";
import { createLineWriter } from "./export-line.ts";

/** What the objects of these shoppers hold, each as the user whom they may have become, nobody twice. */
export async function openExport(
  pseudonyms: readonly string[],
  env: Env,
): Promise<ShopperExport[]> {
  const found = new Map<string, ShopperExport>();
  for (const pseudonym of pseudonyms) {
    const answer = await openShopper(env.SHOPPER, pseudonym).export();
    const kept =
      answer.kind === "linked" ? await openShopper(env.SHOPPER, answer.to).export() : answer;
    if (kept.kind === "snapshot" && kept.consent !== null) found.set(kept.shopper, kept);
  }
  return [...found.values()];
}

/** Their pseudonyms, those of the anonymous visitors who became them included. */
export function listCovered(kept: readonly ShopperExport[]): string[] {
  return kept.flatMap(({ shopper, absorbed }) => absorbed.concat(shopper));
}

/** NDJSON: `{"kind": "memory"}` for each object, then the rows of the log. */
export function exportShopper(
  kept: readonly ShopperExport[],
  env: Env,
): ReadableStream<Uint8Array> {
  const lines = writeLines(kept, env);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
}

async function* writeLines(kept: readonly ShopperExport[], env: Env): AsyncGenerator<string> {
  const write = createLineWriter(readSettings(env).money);
  for (const memory of kept) yield write({ ...memory, kind: "memory" });
  const covered = new Set(listCovered(kept));
  for await (const row of exportFromLog(env.DB, [...covered])) yield write(row);
}
