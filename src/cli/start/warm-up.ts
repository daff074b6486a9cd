// Asks a fresh Worker until its isolate has loaded the model, so that the first answer a visitor sees is a whole one.
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import type { Api } from "../../client/api.ts";

/** An isolate looks for a new version every 15 s, and loading takes a second or some; one that needs longer answers without it. */
const PATIENCE_MS = 25_000;
const PAUSE_MS = 250;

const Answer = z.object({ model_version: z.string().nullable() });

/** `item_id`: any item of the catalogue; without a context the model is not asked. */
export async function warmUp(api: Api, version: string, item_id: string): Promise<void> {
  const path = `/v1/recommendations?surface=product&limit=1&item_id=${encodeURIComponent(item_id)}`;
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const { body } = await api.send("GET", path);
    const answer = Answer.safeParse(body);
    if (answer.success && answer.data.model_version === version) return;
    await pause(PAUSE_MS);
  }
}
