// Folds a log offline: through the Worker's own reading of events and the objects' own rule of order.
import { canonicalJson } from "../../../durable/state/canonical-json.ts";
import {
  replayedState,
  emptyShop,
  replayEvent,
  replayIdentify,
  type ReplayedShop,
} from "../../../durable/state/replay.ts";
import { emptyShopper } from "../../../durable/state/shopper.ts";
import {
  decideEvent,
  forgetUpTo,
  hearWord,
  wordOf,
  type GivenConsent,
} from "../../../durable/state/consent.ts";
import { dispatchEvent, type Dispatch, type DispatchSettings } from "../../ingest/dispatch.ts";
import type { WireEvent } from "../simulate/wire.ts";

/** A shopper by the shop's own id, and the state that the log gives, as canonical JSON. */
export type FoldedShopper = { id_type: "user" | "anonymous"; id: string; state: string };

export type FoldedLog = {
  shoppers: FoldedShopper[];
  /** Distinct events that the log must hold, and their item lines. */
  logged: { events: number; rows: number };
  refused: number;
};

type Ids = Map<string, Pick<FoldedShopper, "id_type" | "id"> & { pseudonym: string }>;

async function noteIds(ids: Ids, event: WireEvent, settings: DispatchSettings): Promise<void> {
  for (const [id_type, id] of [
    ["user", event.user_id],
    ["anonymous", event.anonymous_id],
  ] as const) {
    const key = `${id_type}:${id}`;
    if (id === undefined || ids.has(key)) continue;
    ids.set(key, { id_type, id, pseudonym: await settings.pseudonymise(id_type, id) });
  }
}

function stateOf(shop: ReplayedShop, pseudonym: string): string {
  return canonicalJson(replayedState(shop, pseudonym) ?? emptyShopper());
}

type Addressed = Extract<Dispatch, { kind: "ingest" | "link" }>;
type Given = Map<string, GivenConsent | null>;

function whoseOf(dispatch: Addressed): string {
  return dispatch.kind === "link" ? dispatch.user : dispatch.shopper;
}

/** What the shopper says counts offline as it does in the object. */
function hear(shop: ReplayedShop, given: Given, shopper: string, delivery: Addressed["delivery"]) {
  const owner = shop.links.get(shopper)?.to ?? shopper;
  const held = given.get(owner) ?? null;
  const { timestamp } = delivery.event;
  given.set(owner, hearWord(held, wordOf(delivery), timestamp));
  const stream = shop.streams.get(owner);
  if (stream !== undefined && wordOf(delivery).personalization === false) {
    shop.streams.set(owner, forgetUpTo(stream, timestamp));
  }
  return decideEvent(held, delivery);
}

/** The events in the order of their arrival: that of the file. */
export async function foldLog(
  events: AsyncIterable<WireEvent>,
  settings: DispatchSettings,
): Promise<FoldedLog> {
  const shop = emptyShop();
  const ids: Ids = new Map();
  const given: Given = new Map();
  const logged = { events: 0, rows: 0 };
  const loggedIds = new Set<string>();
  let refused = 0;
  for await (const wire of events) {
    const dispatch = await dispatchEvent(wire, settings);
    if (dispatch.kind === "refused") refused += 1;
    if (!("delivery" in dispatch)) continue;
    await noteIds(ids, wire, settings);
    const { event } = dispatch.delivery;
    const { fold, log } = hear(shop, given, whoseOf(dispatch), dispatch.delivery);
    const key = `${dispatch.kind === "link" ? dispatch.user : dispatch.shopper} ${event.event_id}`;
    if (log && !loggedIds.has(key)) {
      loggedIds.add(key);
      logged.events += 1;
      logged.rows += Math.max(1, event.items.length);
    }
    if (dispatch.kind === "link") replayIdentify(shop, dispatch.anonymous, dispatch.user, event);
    else if (fold) replayEvent(shop, dispatch.shopper, event);
  }
  const shoppers = [...ids.values()].map(({ id_type, id, pseudonym }) => ({
    id_type,
    id,
    state: stateOf(shop, pseudonym),
  }));
  return { shoppers, logged, refused };
}
