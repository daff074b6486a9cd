// Compares what a log gives offline with what the Worker holds.
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { canonicalJson } from "../../../durable/state/canonical-json.ts";
import { emptyShopper } from "../../../durable/state/shopper.ts";
import { expectStatus, type Api } from "../../client/api.ts";
import { describeState } from "../../shop/shopper-answer.ts";
import { convertUnits } from "../../shop/units.ts";
import { mapConcurrently } from "../map-concurrently.ts";
import type { FoldedLog, FoldedShopper } from "./fold-log.ts";

export type Difference = FoldedShopper & { live: string };

const NOBODY = canonicalJson(emptyShopper());

/** The state that the Worker holds for the shopper; a shopper that it does not know has the empty one. */
async function readLiveState(
  api: Api,
  { id_type, id }: FoldedShopper,
  scale: number,
): Promise<string> {
  const path = `/v1/shoppers/${encodeURIComponent(id)}/profile?id_type=${id_type}`;
  const answer = await api.send("GET", path);
  if (answer.status === 404) return NOBODY;
  const state = describeState(convertUnits(scale));
  return canonicalJson(state.parse(expectStatus(answer, 200, `GET ${path}`)));
}

/** @param scale minor units in one unit of the shop's currency */
export async function compareStates(
  api: Api,
  shoppers: readonly FoldedShopper[],
  scale: number,
  concurrency: number,
  onDone: () => void,
): Promise<Difference[]> {
  const compared = await mapConcurrently(shoppers, concurrency, async (shopper) => {
    const live = await readLiveState(api, shopper, scale);
    onDone();
    return live === shopper.state ? [] : [{ ...shopper, live }];
  });
  return compared.flat();
}

const Stats = z.object({ events: z.number(), event_rows: z.number() });

/** An object sends again what the queue lost about half a minute later, ms between looks. */
const STATS_PAUSE_MS = 1_000;

/** Waits until the log holds as much as it must, or more; then it must be exactly that. */
export async function readLogWhenSettled(
  api: Api,
  expected: FoldedLog["logged"],
  waitMs: number,
): Promise<FoldedLog["logged"]> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const answer = await api.send("GET", "/v1/stats");
    const stats = Stats.parse(expectStatus(answer, 200, "GET /v1/stats"));
    const complete = stats.events >= expected.events && stats.event_rows >= expected.rows;
    if (complete || performance.now() > deadline) {
      return { events: stats.events, rows: stats.event_rows };
    }
    await pause(STATS_PAUSE_MS);
  }
}
