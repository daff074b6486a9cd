// Shoppers' states along a log: what a list may know of its shopper, and what not yet.
import { expect, it } from "vitest";
import type { Ordinals } from "../../../models/next-item/data/event-log.ts";
import type { SessionSequence } from "../../../models/next-item/data/dataset.ts";
import type { WireEvent } from "../../../src/lab/simulate/wire.ts";
import { dispatchLog } from "../../../src/lab/train/dispatch-log.ts";
import { FoldWatch } from "../../../src/learn/fold-watch.ts";
import { readShopSettings } from "../../../src/lab/verify/shop-settings.ts";

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

/** The n-th event of the log, a minute after the one before. */
function eventAt(
  index: number,
  name: WireEvent["name"],
  shopper: string,
  item_id: string,
): WireEvent {
  return {
    event_id: `event-${index}`,
    name,
    timestamp: START + index * MINUTE,
    anonymous_id: shopper,
    session_id: `session-${shopper}`,
    items: [{ item_id, price: 10, quantity: 1 }],
    consent: { analytics: true, personalization: true },
  };
}

async function* play(events: readonly WireEvent[]): AsyncGenerator<WireEvent> {
  yield* events;
}

function watchLog(events: readonly WireEvent[], ordinals: Ordinals): FoldWatch {
  const settings = readShopSettings(START + 10 * MINUTE);
  const logged = dispatchLog(play(events), settings);
  return new FoldWatch({ events: logged, ordinals, vocabulary: [], items: new Map() });
}

it("knows of a shopper what came before the event, and of no other shopper", async () => {
  const events = [
    eventAt(0, "view_item", "ann", "kettle"),
    eventAt(1, "view_item", "bob", "lamp"),
    eventAt(2, "add_to_cart", "ann", "kettle"),
    eventAt(3, "view_item", "ann", "cup"),
    eventAt(4, "view_item", "bob", "cup"),
  ];
  const ann: SessionSequence = { items: [0, 0, 2] };
  const bob: SessionSequence = { items: [1, 2] };
  const ordinals = new Map([
    [ann, [0, 2, 3]],
    [bob, [1, 4]],
  ]);
  const watch = watchLog(events, ordinals);

  const view = async (session: SessionSequence, at: number) => {
    const ordinal = watch.ordinalOf(session, at);
    return (await watch.viewBefore(ordinal, START + ordinal * MINUTE)).reading;
  };
  expect([...(await view(ann, 0)).touched.keys()]).toEqual([]);
  expect((await view(ann, 1)).inCart.has("kettle")).toBe(false);
  const later = await view(ann, 2);
  expect(later.inCart.has("kettle")).toBe(true);
  expect([...later.touched.keys()]).toEqual(["kettle"]);
  expect([...(await view(bob, 1)).touched.keys()]).toEqual(["lamp"]);
});

it("says so where the log is shorter than was said", async () => {
  const session: SessionSequence = { items: [0] };
  const watch = watchLog([], new Map([[session, [0]]]));
  await expect(watch.viewBefore(0, START)).rejects.toThrow("no event 0");
});
