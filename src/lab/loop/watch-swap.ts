// How a Worker takes a new pair of models: how long it takes, and what it answers meanwhile.
import { setTimeout as pause } from "node:timers/promises";
import type { Api } from "../../client/api.ts";
import { askNext } from "../replay/requests.ts";
import { isServing } from "../../learn/champion.ts";
import type { RetrainClient } from "../../learn/fetch/client.ts";
import type { Versions } from "../../learn/round.ts";

/** Between two questions, ms. */
const PAUSE_MS = 100;

export type Swap = {
  /** From the promotion until both models served. */
  seconds: number;
  /** Questions asked meanwhile, and of these the ones that no ranking model put in order, or no next-item model took part in. */
  asked: number;
  withoutRanking: number;
  withoutModel: number;
};

/** Asks on behalf of one shopper who has a history. Throws where the Worker does not take the pair. */
export async function watchSwap(
  client: RetrainClient,
  api: Api,
  versions: Versions,
  shopper: string,
  waitMs: number,
): Promise<Swap> {
  const started = performance.now();
  const swap: Swap = { seconds: 0, asked: 0, withoutRanking: 0, withoutModel: 0 };
  const actor = { id_type: "anonymous_id", id: shopper } as const;
  while (!(await isServing(client, versions))) {
    if (performance.now() - started > waitMs)
      throw new Error(`The Worker does not take ${versions.nextItem} and ${versions.ranking}.`);
    const { nextItem, ranking } = await askNext(api, { actor, target: "" });
    swap.asked++;
    if (nextItem === null) swap.withoutModel++;
    if (ranking === null) swap.withoutRanking++;
    await pause(PAUSE_MS);
  }
  swap.seconds = (performance.now() - started) / 1000;
  return swap;
}
