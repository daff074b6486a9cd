// An anonymous shopper who has become a user: events that still come under the old name go on to the user's object.
import type { Delivery, Handled, IngestResult, ShopperRpc, Verdict } from "./contract.ts";
import { isKept, judgeId, judgeKnown } from "./apply-deliveries.ts";
import type { ShopperMemory } from "./shopper-memory.ts";

/** Drops what was kept here before the link; the ids of the rest are remembered here too, in case the link changes again. */
export async function forwardDeliveries(
  memory: ShopperMemory,
  deliveries: readonly Delivery[],
  user: Pick<ShopperRpc, "ingest">,
  now: () => number,
): Promise<IngestResult> {
  const known = deliveries.map((delivery) => {
    const memoryOf = memory.store?.recall(delivery.event.event_id);
    return memoryOf === undefined ? null : judgeKnown(memoryOf.content, delivery);
  });
  const news = deliveries.filter((_, index) => known[index] === null);
  const result = await user.ingest(news);
  memory.transact((_, store) => {
    for (const delivery of news) if (isKept(delivery)) judgeId(store, delivery, now());
  });
  const handledNews = [...(result.handled ?? news)];
  const handled = known.map((verdict, index) =>
    verdict === null ? (handledNews.shift() ?? NOT_HANDLED) : toHandled(deliveries[index]),
  );
  const given = [...result.verdicts];
  const verdicts = known.map((verdict): Verdict => verdict ?? given.shift() ?? "duplicate");
  return { ...result, verdicts, handled };
}

const NOT_HANDLED: Handled = {
  consent: { analytics: false, personalization: false },
  fold: false,
  log: false,
};

function toHandled(delivery: Delivery | undefined): Handled {
  return delivery ?? NOT_HANDLED;
}
