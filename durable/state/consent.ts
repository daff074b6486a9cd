// What a shopper last said of consent, and what it means for one event. Pure; it must not know tables or senders.
import type { Consent, ShopEvent } from "./event.ts";
import type { ShopperStream } from "./receive.ts";
import { emptyStream, foldEntry } from "./receive.ts";

/** One answer to the question for consent; null where it says nothing of a purpose. */
export type ConsentWord = {
  analytics: boolean | null;
  personalization: boolean | null;
  marketing: boolean | null;
};

export type GivenConsent = {
  consent: Consent;
  /** Event time of the last word on `analytics` and `personalization`, ms; `NEVER` where there was none. */
  at: number;
  /** The same for `marketing`. */
  marketing_at: number | null;
  /** Event time of the last word that took `personalization` back, ms: nothing of before is folded again. */
  withdrawn_at: number | null;
};

/** Before any word: the shop's default holds, and any word replaces it. */
const NEVER = 0;

/** The last word by event time wins; at the same moment, the last to arrive. */
export function hearWord(
  given: GivenConsent | null,
  word: ConsentWord,
  at: number,
): GivenConsent | null {
  const speaks = word.analytics !== null || word.personalization !== null;
  if (!speaks && word.marketing === null) return given;
  const next = { ...(given ?? NOTHING_SAID) };
  if (speaks && at >= next.at) {
    const { analytics, personalization } = next.consent;
    next.at = at;
    next.consent = {
      ...next.consent,
      analytics: word.analytics ?? analytics,
      personalization: word.personalization ?? personalization,
    };
  }
  if (word.marketing !== null && at >= (next.marketing_at ?? NEVER)) {
    next.marketing_at = at;
    next.consent = { ...next.consent, marketing: word.marketing };
  }
  if (word.personalization === false) next.withdrawn_at = Math.max(next.withdrawn_at ?? at, at);
  return next;
}

const NOTHING_SAID: GivenConsent = {
  consent: { analytics: false, personalization: false },
  at: NEVER,
  marketing_at: null,
  withdrawn_at: null,
};

/** The shop's default, for a shopper who has said nothing yet. */
export function assumeDefault(given: GivenConsent | null, consent: Consent): GivenConsent {
  if (given !== null && given.at > NEVER) return given;
  const { marketing: _own, ...rest } = consent;
  return { ...(given ?? NOTHING_SAID), consent: { ...given?.consent, ...rest } };
}

type Decidable = {
  event: Pick<ShopEvent, "timestamp">;
  consent: Consent;
  word?: "none" | "passing";
  fold: boolean;
  log: boolean;
};

/** Of an event that says nothing, only a browser's signal against marketing is a word. */
export function wordOf({ consent, word }: Pick<Decidable, "consent" | "word">): ConsentWord {
  const { analytics, personalization, marketing = null } = consent;
  return word === undefined
    ? { analytics, personalization, marketing }
    : { analytics: null, personalization: null, marketing };
}

/** What may be done with an event: what it says itself, but no more than what was said since. */
export function decideEvent(
  given: GivenConsent | null,
  { event, consent, word, fold, log }: Decidable,
): Pick<Decidable, "consent" | "fold" | "log"> {
  if (given === null) return { consent, fold, log };
  const { personalization, analytics } = given.consent;
  const isSaid = given.at > NEVER;
  // Only what needs consent comes without a word, so what the shopper allows is what is done.
  const own =
    word === "none" && isSaid
      ? {
          consent: { ...consent, personalization, analytics },
          fold: personalization,
          log: analytics,
        }
      : { consent, fold, log };
  const isSince = isSaid && given.at > event.timestamp;
  const isWithdrawn = given.withdrawn_at !== null && event.timestamp < given.withdrawn_at;
  return {
    consent: own.consent,
    fold: own.fold && !(isSince && !personalization) && !isWithdrawn,
    log: own.log && !(isSince && !analytics),
  };
}

/** The stream without what came up to this moment, ms. What is folded cannot be taken apart, so all of it goes. */
export function forgetUpTo(stream: ShopperStream, at: number): ShopperStream {
  if (stream.watermark === null) return stream;
  const window = stream.window.filter(({ event }) => event.timestamp > at);
  const { checkpoint, live } = emptyStream();
  if (window.length === 0) return emptyStream();
  return { ...stream, checkpoint, window, live: window.reduce(foldEntry, live) };
}
