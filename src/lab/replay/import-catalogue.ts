// Brings a log's items into the Worker's catalogue before its first event.
import { expectStatus, type Api } from "../../client/api.ts";

/** Lines a request: a bulk import of its own size for most shops, and small enough to be sent again. */
const LINES = 10_000;

export async function importCatalogue(
  api: Api,
  items: readonly { item_id: string }[],
): Promise<void> {
  for (let start = 0; start < items.length; start += LINES) {
    const lines = items.slice(start, start + LINES).map((item) => `${JSON.stringify(item)}\n`);
    const answer = await api.send("PUT", "/v1/items", lines.join(""), "application/x-ndjson");
    expectStatus(answer, 200, "PUT /v1/items");
  }
}
