// An anonymous shopper who has become a user: events that still come under the old name go on to the user's object.
import type { Delivery, IngestResult, ShopperRpc, Verdict } from "./contract.ts";
import { isKept, rememberId } from "./apply-deliveries.ts";
import type { ShopperMemory } from "./shopper-memory.ts";

/** Drops what was kept here before the link; the ids of the rest are remembered here too, in case the link changes again. */
export async function forwardDeliveries(
  memory: ShopperMemory,
  deliveries: readonly Delivery[],
  user: Pick<ShopperRpc, "ingest">,
  now: () => number,
): Promise<IngestResult> {
  const isKnown = ({ event }: Delivery) => memory.store?.knows(event.event_id) === true;
  const news = deliveries.filter((delivery) => !isKnown(delivery));
  const known = deliveries.map((delivery) => !news.includes(delivery));
  const result = await user.ingest(news);
  memory.transact((_, store) => {
    for (const delivery of news) if (isKept(delivery)) rememberId(store, delivery, now());
  });
  const given = [...result.verdicts];
  const verdicts = known.map((isKnown): Verdict =>
    isKnown ? "duplicate" : (given.shift() ?? "duplicate"),
  );
  return { ...result, verdicts };
}
