// Decides what becomes of each row of a batch before anybody is asked: refused, dropped for want of consent,
// or delivered to one shopper's object.
import type { Delivery, EventContext } from "../../durable/contract.ts";
import type { ShopEvent } from "../../durable/state/event.ts";
import type { ProveUser } from "../shop/identity.ts";
import type { Pseudonymise } from "../shop/pseudonym.ts";
import { readEvent, type ReadEvent, type ReadSettings } from "./read-event.ts";
import { fillEvent, type FindItem } from "./fill.ts";
import type { Notes } from "./read/notes.ts";
import { settleActor, type SettledActor } from "./settle-actor.ts";
import type { Rejection } from "./rejection.ts";
import { fingerprint, fingerprintContent } from "./read/fingerprint.ts";
import { readConsentMessage, type ConsentMessage } from "./consent-message.ts";
import type { ConsentWord } from "../../durable/state/consent.ts";
import type { Checked } from "./rejection.ts";
import { routeEvent } from "./routing.ts";

/** The objects that take what concerns goods and no shopper, so that those events count once as well. */
const SHOP = "shop";
/** So many of them: one alone would take the goods of the whole shop. */
const SHARDS = 64;

export type Dispatch =
  | { kind: "refused"; rejection: Rejection; isUnverified?: boolean }
  /** Without consent to anything. What was sold is told without the shopper. */
  | { kind: "dropped"; event?: ShopEvent }
  /** Known to tell nothing of shopping. */
  | { kind: "ignored" }
  /** A shopper speaks of consent alone. */
  | { kind: "word"; shopper: string; word: ConsentWord; at: number; notes: Notes }
  | ({ kind: "ingest"; shopper: string } & Addressed)
  /** The anonymous shopper is to join the user. */
  | ({ kind: "link"; anonymous: string; user: string } & Addressed);

type Addressed = {
  delivery: Delivery;
  notes: Notes;
  /** The event's id is made of its content. */
  isIdDerived: boolean;
};

export type DispatchSettings = ReadSettings & {
  pseudonymise: Pseudonymise;
  /** Whether the sender may speak of this user. */
  proveUser: ProveUser;
  trusted: boolean;
  /** The browser says no to messages off the site (Global Privacy Control). */
  refusesMarketing?: boolean;
  /** What the request itself tells, for events that do not say. */
  edge: Pick<EventContext, "country" | "device">;
  /** What the catalogue knows of an item that the sender does not describe. */
  findItem: FindItem;
};

export async function dispatchEvent(row: unknown, settings: DispatchSettings): Promise<Dispatch> {
  const told = readConsentMessage(row, settings);
  if (told !== null) return await dispatchWord(told, settings);
  const read = readEvent(row, settings);
  if (!read.ok) return { kind: "refused", rejection: read.reason };
  if (read.value === null) return { kind: "ignored" };
  const { event, actor, notes, isIdDerived, user_hash, word } = read.value;
  const consent =
    settings.refusesMarketing === true
      ? { ...read.value.consent, marketing: false }
      : read.value.consent;
  if (actor.kind === "shop" && !settings.trusted) {
    const message = "A stock_update needs a secret key.";
    return { kind: "refused", rejection: { code: "secret_key_required", message } };
  }
  const route = routeEvent(event.name, consent);
  const isRefused = !route.realtime && !route.batch;
  if (isRefused && word === "passing") return { kind: "dropped", event };
  const whose = await settleActor(actor, user_hash, settings.proveUser);
  // Nobody is known to whom the refusal could be told.
  if (!whose.ok && isRefused) return { kind: "dropped" };
  if (!whose.ok) return { kind: "refused", rejection: whose.reason, isUnverified: true };
  const { actor: settled, proof } = whose.value;
  if (proof === "none") notes.unverified = true;
  const delivery: Delivery = {
    event: fillEvent(event, settings.findItem),
    consent,
    context: fillContext(read.value, settings.edge),
    received_at: settings.now,
    ...(word === undefined || actor.kind === "shop" ? {} : { word }),
    fold: route.realtime,
    log: route.batch,
    content: fingerprintContent(event),
    ...(settled.kind === "identify" ? { proven: proof === "proven" } : {}),
  };
  return await address(settled, { delivery, notes, isIdDerived }, settings.pseudonymise);
}

async function dispatchWord(
  told: Checked<ConsentMessage | null>,
  { refusesMarketing, proveUser, pseudonymise }: DispatchSettings,
): Promise<Dispatch> {
  if (!told.ok) return { kind: "refused", rejection: told.reason };
  if (told.value === null) return { kind: "ignored" };
  const { actor, user_hash, at, notes } = told.value;
  const whose = await settleActor(actor, user_hash, proveUser);
  if (!whose.ok) return { kind: "refused", rejection: whose.reason, isUnverified: true };
  const word =
    refusesMarketing === true ? { ...told.value.word, marketing: false } : told.value.word;
  const { actor: settled, proof } = whose.value;
  if (proof === "none") notes.unverified = true;
  const shopper =
    settled.kind === "anonymous"
      ? await pseudonymise("anonymous", settled.anonymous_id)
      : settled.kind === "shop"
        ? SHOP
        : await pseudonymise("user", settled.user_id);
  return { kind: "word", shopper, word, at, notes };
}

async function address(
  actor: SettledActor,
  addressed: Addressed,
  pseudonymise: Pseudonymise,
): Promise<Dispatch> {
  switch (actor.kind) {
    case "shop":
      return { kind: "ingest", shopper: nameCounter(addressed.delivery.event), ...addressed };
    case "anonymous":
      return {
        kind: "ingest",
        shopper: await pseudonymise("anonymous", actor.anonymous_id),
        ...addressed,
        delivery: { ...addressed.delivery, visitor: true },
      };
    case "user":
      return { kind: "ingest", shopper: await pseudonymise("user", actor.user_id), ...addressed };
    default: {
      const user = await pseudonymise("user", actor.user_id);
      // To join two histories is personalization; without that consent the event is logged as any other.
      if (!addressed.delivery.fold) return { kind: "ingest", shopper: user, ...addressed };
      return {
        kind: "link",
        anonymous: await pseudonymise("anonymous", actor.anonymous_id),
        user,
        ...addressed,
      };
    }
  }
}

/** By the event's id: told again, it comes to the same one. */
function nameCounter({ event_id }: ShopEvent): string {
  return `${SHOP}-${fingerprint(event_id) % SHARDS}`;
}

function fillContext({ context }: ReadEvent, edge: DispatchSettings["edge"]): EventContext {
  return {
    ...context,
    country: context.country ?? edge.country,
    device: context.device ?? edge.device,
  };
}
