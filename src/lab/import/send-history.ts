// Sends a history to `POST /v1/backfill`, batch by batch, until each event has its verdict. Knows no file and no terminal.
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { expectStatus, type Api } from "../../client/api.ts";
import type { Numbered } from "./batches.ts";
import type { Refused } from "./survey.ts";

/** A shopper whose object could not be reached: says nothing about the event. */
const UNAVAILABLE = "unavailable";
const RESEND_PAUSE_MS = 500;

const Verdicts = z.object({
  accepted: z.int(),
  duplicates: z.int(),
  ignored: z.int(),
  without_consent: z.int(),
  rejected: z.array(z.object({ index: z.int(), code: z.string(), message: z.string() })),
  rejected_lines: z.array(z.object({ index: z.int(), code: z.string(), message: z.string() })),
});

/** What became of the events so far. */
export type Sent = {
  accepted: number;
  duplicates: number;
  ignored: number;
  /** Of the accepted: nothing was kept, since the shopper allows nothing. */
  without_consent: number;
  refused: Refused[];
};

export const NOTHING_SENT: Sent = {
  accepted: 0,
  duplicates: 0,
  ignored: 0,
  without_consent: 0,
  refused: [],
};

/** Events refused as unavailable go again for up to `waitMs`. @throws Error where the Worker takes no request */
export async function sendBatch(
  api: Api,
  batch: readonly Numbered[],
  waitMs: number,
): Promise<Sent> {
  const sent = { ...NOTHING_SENT, refused: [...NOTHING_SENT.refused] };
  const deadline = performance.now() + waitMs;
  for (let rest = batch; ;) {
    const body = `{"events":[${rest.map(({ json }) => json).join(",")}]}`;
    const answer = await api.send("POST", "/v1/backfill", body);
    const verdicts = Verdicts.parse(expectStatus(answer, 202, "POST /v1/backfill"));
    for (const key of ["accepted", "duplicates", "ignored", "without_consent"] as const)
      sent[key] += verdicts[key];
    const isLast = performance.now() > deadline;
    const again: Numbered[] = [];
    for (const { index, code, message } of [...verdicts.rejected, ...verdicts.rejected_lines]) {
      const event = rest[index];
      if (event === undefined) continue;
      if (code === UNAVAILABLE && !isLast) again.push(event);
      else sent.refused.push({ line: event.line, code, message });
    }
    if (again.length === 0) return sent;
    rest = again;
    await pause(RESEND_PAUSE_MS);
  }
}

export function addSent(a: Sent, b: Sent): Sent {
  return {
    accepted: a.accepted + b.accepted,
    duplicates: a.duplicates + b.duplicates,
    ignored: a.ignored + b.ignored,
    without_consent: a.without_consent + b.without_consent,
    refused: [...a.refused, ...b.refused],
  };
}
