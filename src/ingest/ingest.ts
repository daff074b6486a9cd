// Takes a batch of rows: one call to each shopper's object, one outcome for each row, whatever fails beside it.
import type { Delivery, LogEntry, ShopperRpc, Verdict } from "../../durable/contract.ts";
import { compareEvents, type ShopEvent } from "../../durable/state/event.ts";
import type { BotEvent } from "../log/message.ts";
import { describeBotEvent } from "./bot-event.ts";
import { dispatchEvent, type Dispatch, type DispatchSettings } from "./dispatch.ts";
import type { Pseudonymise } from "../shop/pseudonym.ts";
import type { Notes } from "./read/notes.ts";
import { rememberProofs } from "../shop/identity.ts";
import { rankTies, separateIds } from "./request-order.ts";
import type { Rejection } from "./rejection.ts";
import { log } from "../../durable/log-line.ts";

export type IngestDeps = DispatchSettings & {
  /** A fresh stub of the shopper's object. */
  openShopper: (pseudonym: string) => Pick<ShopperRpc, "ingest" | "linkTo" | "hear" | "snapshot">;
  /** Whether a shopper has room for so many events; absent where all have. */
  admit?: (pseudonym: string, events: number) => Promise<boolean>;
  /** What sort of crawler sends; null for anybody else. */
  bot?: string | null;
};

export type Outcome =
  /** `notes` tell what of it was not understood. */
  | { kind: "kept"; verdict: Exclude<Verdict, "conflict" | "erased">; notes: Notes }
  /** Known to tell nothing of shopping: accepted, and nothing was done. */
  | { kind: "ignored" }
  /** Of before its shopper was forgotten: not taken again. */
  | { kind: "erased" }
  /** Without consent to anything: accepted and forgotten. */
  | { kind: "dropped" }
  /** Sent by a crawler: kept apart, where nothing learns from it. */
  | { kind: "bot" }
  | { kind: "refused"; rejection: Rejection; isUnverified?: boolean };

export type Ingested = {
  /** One for each row, in order. */
  outcomes: Outcome[];
  /** What the log shall have at once. The objects keep it as well, until the log has it. */
  entries: LogEntry[];
  /** Orders that were taken, and those of shoppers who agreed to nothing: goods move all the same. */
  orders: { event: ShopEvent; isLogged: boolean }[];
  /** What crawlers sent. */
  bots: BotEvent[];
};

const CONFLICT: Outcome = {
  kind: "refused",
  rejection: {
    code: "conflict",
    message: "event_id: another event of this shopper had it; nothing was done with this one.",
  },
};

const UNAVAILABLE: Outcome = {
  kind: "refused",
  rejection: {
    code: "unavailable",
    message: "This shopper's memory could not be reached; send the event again.",
  },
};

const TOO_MANY: Outcome = {
  kind: "refused",
  rejection: {
    code: "rate_limited",
    message: "This shopper has sent too much in the last minute; send the event again later.",
  },
};

type IndexedDelivery = { index: number; delivery: Delivery; notes: Notes };

export async function ingestEvents(rows: readonly unknown[], deps: IngestDeps): Promise<Ingested> {
  const settings = {
    ...deps,
    pseudonymise: rememberNames(deps.pseudonymise),
    proveUser: rememberProofs(deps.proveUser),
  };
  const dispatches = await Promise.all(rows.map((row) => dispatchEvent(row, settings)));
  separateIds(dispatches);
  rankTies(dispatches);
  if (deps.bot != null) return setApart(dispatches, deps.bot);
  const outcomes = dispatches.map(settleWithoutAsking);
  const entries: LogEntry[] = [];
  const orders = dispatches.flatMap((dispatch) =>
    dispatch.kind === "dropped" && dispatch.event !== undefined && isOrder(dispatch.event)
      ? [{ event: dispatch.event, isLogged: false }]
      : [],
  );
  const groups = groupByShopper(dispatches);
  // First, so that what comes beside it is taken under it.
  await Promise.all(
    dispatches.map(async (dispatch, index) => {
      if (dispatch.kind === "word") outcomes[index] = await tellWord(dispatch, deps);
    }),
  );
  await Promise.all(
    [...groups].map(([shopper, group]) =>
      ingestGroup(shopper, group, deps, { outcomes, entries, orders }),
    ),
  );
  for (const [index, dispatch] of dispatches.entries()) {
    // After the groups and one by one: a second login must find the first one done.
    if (dispatch.kind === "link") await link(index, dispatch, deps, { outcomes, entries });
  }
  return { outcomes, entries, orders, bots: [] };
}

/** A batch is mostly of one shopper: each id is hashed once. */
function rememberNames(pseudonymise: Pseudonymise): Pseudonymise {
  const names = new Map<string, Promise<string>>();
  return (kind, id) => {
    const key = `${kind}:${id}`;
    const name = names.get(key) ?? pseudonymise(kind, id);
    names.set(key, name);
    return name;
  };
}

function setApart(dispatches: readonly Dispatch[], bot: string): Ingested {
  const outcomes = dispatches.map((dispatch): Outcome =>
    "delivery" in dispatch || dispatch.kind === "word" ? { kind: "bot" } : dispatch,
  );
  const bots = dispatches.flatMap((dispatch) => {
    if (!("delivery" in dispatch)) return [];
    const shopper = dispatch.kind === "link" ? dispatch.user : dispatch.shopper;
    return describeBotEvent(shopper, dispatch.delivery, bot) ?? [];
  });
  return { outcomes, entries: [], orders: [], bots };
}

/** Rows whose object does not answer stay `unavailable`. */
function settleWithoutAsking(dispatch: Dispatch): Outcome {
  return dispatch.kind === "word" || "delivery" in dispatch ? UNAVAILABLE : dispatch;
}

function groupByShopper(dispatches: readonly Dispatch[]): Map<string, IndexedDelivery[]> {
  const groups = new Map<string, IndexedDelivery[]>();
  for (const [index, dispatch] of dispatches.entries()) {
    if (dispatch.kind !== "ingest") continue;
    const group = groups.get(dispatch.shopper) ?? [];
    group.push({ index, delivery: dispatch.delivery, notes: dispatch.notes });
    groups.set(dispatch.shopper, group);
  }
  return groups;
}

async function ingestGroup(
  shopper: string,
  group: IndexedDelivery[],
  deps: IngestDeps,
  { outcomes, entries, orders }: Pick<Ingested, "outcomes" | "entries" | "orders">,
) {
  if (deps.admit !== undefined && !(await deps.admit(shopper, group.length))) {
    for (const { index } of group) outcomes[index] = TOO_MANY;
    return;
  }
  // A request is one set: none of its events is late for having stood behind a later one.
  group.sort((a, b) => compareEvents(a.delivery.event, b.delivery.event));
  const result = await askTwice(() =>
    deps.openShopper(shopper).ingest(group.map(({ delivery }) => delivery)),
  );
  if (result === null) return;
  for (const [position, { index, delivery, notes }] of group.entries()) {
    const verdict = result.verdicts[position];
    if (verdict === undefined) continue;
    const handled = { ...delivery, ...result.handled?.[position] };
    const isRefused = !handled.fold && !handled.log && isTaken(verdict);
    outcomes[index] = isRefused ? DROPPED : settle(verdict, notes);
    if (handled.log && isTaken(verdict)) entries.push(toEntry(result.shopper, handled, null));
    const { event } = delivery;
    if (isTaken(verdict) && isOrder(event)) orders.push({ event, isLogged: handled.log });
  }
}

async function link(
  index: number,
  { anonymous, user, delivery, notes }: Extract<Dispatch, { kind: "link" }>,
  deps: IngestDeps,
  { outcomes, entries }: Pick<Ingested, "outcomes" | "entries">,
) {
  if (deps.admit !== undefined && !(await deps.admit(anonymous, 1))) {
    outcomes[index] = TOO_MANY;
    return;
  }
  const verdict = await askTwice(() => deps.openShopper(anonymous).linkTo(user, delivery));
  if (verdict === null) return;
  outcomes[index] = settle(verdict, notes);
  if (!isTaken(verdict)) return;
  const handled = delivery.word === "none" ? await askHandled(user, delivery, deps) : delivery;
  if (handled?.log === true) entries.push(toEntry(user, handled, anonymous));
}

/** Where the sender said nothing, the object knows under what it was taken. Null: its outbox sends the entry on. */
async function askHandled(
  user: string,
  delivery: Delivery,
  { openShopper }: IngestDeps,
): Promise<Delivery | null> {
  const held = await askTwice(() => openShopper(user).snapshot());
  if (held === null || held.kind === "linked") return null;
  const consent = held.consent ?? delivery.consent;
  return { ...delivery, consent, log: consent.analytics };
}

const DROPPED: Outcome = { kind: "dropped" };

async function tellWord(
  { shopper, word, at, notes }: Extract<Dispatch, { kind: "word" }>,
  { openShopper, admit }: IngestDeps,
): Promise<Outcome> {
  if (admit !== undefined && !(await admit(shopper, 1))) return TOO_MANY;
  const heard = await askTwice(async () => {
    await openShopper(shopper).hear(word, at);
    return true;
  });
  return heard === null ? UNAVAILABLE : { kind: "kept", verdict: "applied", notes };
}

function settle(verdict: Verdict, notes: Notes): Outcome {
  if (verdict === "erased") return { kind: "erased" };
  return verdict === "conflict" ? CONFLICT : { kind: "kept", verdict, notes };
}

function isOrder({ name }: ShopEvent): boolean {
  return name === "purchase" || name === "cancel";
}

function isTaken(verdict: Verdict): boolean {
  return verdict === "applied" || verdict === "late";
}

function toEntry(
  shopper: string,
  { event, consent, context, received_at }: Delivery,
  linked_from: string | null,
): LogEntry {
  return { shopper, linked_from, event, consent, context, received_at };
}

/** Null where the object cannot be reached. It is asked once more where its host was just changing: nothing counts twice. */
async function askTwice<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (!isPassing(error)) return reportUnreachable(error);
  }
  try {
    return await ask();
  } catch (error) {
    return reportUnreachable(error);
  }
}

function reportUnreachable(error: unknown): null {
  log("error", "shopper_unreachable", {}, error);
  return null;
}

/** See "Error handling" in Cloudflare's documentation of Durable Objects: `retryable`, unless `overloaded`. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof Error &&
    "retryable" in error &&
    error.retryable === true &&
    !("overloaded" in error && error.overloaded === true)
  );
}
