// Asks a fresh Worker until its isolate has loaded the model, so that the first answer a visitor sees is a whole one.
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import type { Api } from "../client/api.ts";

/** Loading takes about a second; a Worker that needs longer answers without the model for a while, and says so. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 250;

const Answer = z.object({ model_version: z.string().nullable() });

export async function warmUp(api: Api, version: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const { body } = await api.send("GET", "/v1/recommendations?surface=home&limit=1");
    const answer = Answer.safeParse(body);
    if (answer.success && answer.data.model_version === version) return;
    await pause(PAUSE_MS);
  }
}
