// What an object does with deliveries: each id once, folded where allowed, in the outbox until the log has it.
import type { Delivery, Handled, LogEntry, Verdict } from "./contract.ts";
import { assumeDefaultIn, hearWordIn, isWorthKeeping, type ConsentRules } from "./hear.ts";
import { firstCheckAt } from "./schedule.ts";
import type { Draft, ShopperMemory } from "./shopper-memory.ts";
import type { ShopperStore } from "./rows/shopper-store.ts";
import type { ShopperHistory } from "./state/identify.ts";
import { absorbHistory, withoutKnown } from "./state/identify.ts";
import { decideEvent, wordOf } from "./state/consent.ts";
import { receive } from "./state/receive.ts";

/** An id is remembered for this long after its arrival, ms: longer than any client or queue goes on retrying. */
const DEDUPE_PERIOD = 7 * 86_400_000;

/** Ids remembered at most, the latest to arrive: a few MB of the object's 10 GB, and no shopper clicks that much. */
const REMEMBERED_IDS = 100_000;

/** Old ids are forgotten every so many arrivals: often enough to stay bounded, rarely enough to cost nothing. */
const FORGET_EVERY = 256;

/** Takes deliveries in the order of arrival. When it returns, they are durable. */
export function applyDeliveries(
  memory: ShopperMemory,
  deliveries: readonly Delivery[],
  now: number,
  rules: ConsentRules,
): Applied {
  // A refusal is remembered only where there is something that it may concern.
  const isWorth = (delivery: Delivery) =>
    isKept(delivery) || isWorthKeeping(wordOf(delivery), rules);
  if (memory.store === null && !deliveries.some(isWorth)) {
    return { verdicts: deliveries.map(() => "applied"), handled: deliveries.map(toHandled) };
  }
  return memory.transact((draft, store) => {
    const verdicts: Verdict[] = [];
    const taken: Delivery[] = [];
    let unfolded: number[] = [];
    if (deliveries.some(({ visitor }) => visitor === true)) draft.isAnonymous = true;
    for (const [index, delivery] of deliveries.entries()) {
      const decided = { ...delivery, ...decideEvent(draft.consent, delivery) };
      taken.push(decided);
      const verdict = isKept(decided) ? judgeId(store, decided, now) : "applied";
      verdicts.push(verdict);
      if (verdict !== "applied") continue;
      if (decided.fold) unfolded.push(index);
      if (takesBack(delivery)) {
        // What was folded up to now goes with the rest.
        fold(draft, taken, unfolded, verdicts);
        unfolded = [];
      }
      noteConsent(draft, delivery, rules);
    }
    fold(draft, taken, unfolded, verdicts);
    for (const [index, delivery] of taken.entries()) {
      if (!isTaken(verdicts[index]) || !delivery.log) continue;
      store.addPending(toEntry(memory.shopper, null, delivery), firstCheckAt(now));
    }
    return { verdicts, handled: taken.map(toHandled) };
  });
}

type Applied = { verdicts: Verdict[]; handled: Handled[] };

function toHandled({ consent, fold: isFolded, log }: Delivery): Handled {
  return { consent, fold: isFolded, log };
}

function takesBack({ consent, word }: Delivery): boolean {
  return word === undefined && !consent.personalization;
}

/** In the place of an event id: no `identify` has it. */
const NO_HISTORY = "";

/** Takes an `identify` with the history that it brings, which is merged once however often it is sent. */
export function applyHistory(
  memory: ShopperMemory,
  anonymous: string,
  history: ShopperHistory | null,
  told: Delivery,
  now: number,
  rules: ConsentRules,
): Verdict {
  const { event } = told;
  return memory.transact((draft, store) => {
    const identify = { ...told, ...decideEvent(draft.consent, told) };
    const isMerged = history === null || store.hasAbsorbed(anonymous, event.event_id);
    const heard = judgeId(store, identify, now);
    if (isMerged && heard !== "applied") return heard;
    if (!isMerged) store.addAbsorbed(anonymous, event.event_id, now);
    // A device without any history has rows in the log all the same, and is forgotten with its user.
    else if (identify.fold) store.addAbsorbed(anonymous, NO_HISTORY, now);
    let verdict: Verdict = "applied";
    if (identify.fold) {
      const isNews = (event_id: string) => store.remember(event_id, now, null) !== null;
      const news = isMerged ? null : withoutKnown(history, isNews);
      const absorbed = absorbHistory(draft.stream, news, event);
      draft.stream = absorbed.stream;
      verdict = absorbed.verdict;
    }
    noteConsent(draft, told, rules);
    if (heard !== "applied") return heard;
    if (identify.log) {
      store.addPending(toEntry(memory.shopper, anonymous, identify), firstCheckAt(now));
    }
    return verdict;
  });
}

/** Without consent to anything, nothing of an event stays, not even its id. */
export function isKept(delivery: Delivery): boolean {
  return delivery.fold || delivery.log;
}

/** `applied` where the id is new. */
export function judgeId(
  store: ShopperStore,
  delivery: Delivery,
  now: number,
): "applied" | "duplicate" | "conflict" {
  const { event, content } = delivery;
  const seq = store.remember(event.event_id, now, content ?? null);
  if (seq === null) return judgeKnown(store.recall(event.event_id)?.content, delivery);
  if (seq % FORGET_EVERY === 0) store.forget(now - DEDUPE_PERIOD, seq - REMEMBERED_IDS);
  return "applied";
}

/** @param known what the id was remembered with, where that is known */
export function judgeKnown(
  known: number | null | undefined,
  { content }: Delivery,
): "duplicate" | "conflict" {
  return content === undefined || (known ?? content) === content ? "duplicate" : "conflict";
}

/** False for what was taken before, and for another event under its id. */
function isTaken(verdict: Verdict | undefined): boolean {
  return verdict === "applied" || verdict === "late";
}

function fold(
  draft: Draft,
  deliveries: readonly Delivery[],
  indexes: readonly number[],
  verdicts: Verdict[],
): void {
  const events = indexes.flatMap((index) => deliveries[index]?.event ?? []);
  if (events.length === 0) return;
  const received = receive(draft.stream, events);
  draft.stream = received.stream;
  for (const [i, index] of indexes.entries()) verdicts[index] = received.verdicts[i] ?? "duplicate";
}

function noteConsent(draft: Draft, delivery: Delivery, rules: ConsentRules): void {
  if (delivery.word === "none") assumeDefaultIn(draft, delivery.consent);
  hearWordIn(draft, wordOf(delivery), delivery.event.timestamp, rules);
}

function toEntry(shopper: string, linked_from: string | null, delivery: Delivery): LogEntry {
  const { event, consent, context, received_at } = delivery;
  return { shopper, linked_from, event, consent, context, received_at };
}
