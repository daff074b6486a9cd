// What an object does when its shopper says yes or no: it keeps the last word, and lets go of what it may not have.
import type { Consent } from "./contract.ts";
import type { Draft, ShopperMemory } from "./shopper-memory.ts";
import { assumeDefault, forgetUpTo, hearWord, type ConsentWord } from "./state/consent.ts";

export type ConsentRules = {
  /** What silence means in this shop. */
  isGrantedByDefault: boolean;
  /** Whether a shopper who takes `personalization` back leaves what was folded as it stands, unread. */
  freezes: boolean;
};

export function readConsentRules(variables: {
  DEFAULT_CONSENT?: string;
  CONSENT_WITHDRAWN?: string;
}): ConsentRules {
  return {
    isGrantedByDefault: variables.DEFAULT_CONSENT === "granted",
    freezes: variables.CONSENT_WITHDRAWN === "freeze",
  };
}

/** A refusal of somebody unknown is kept only where silence would mean yes. */
export function isWorthKeeping(word: ConsentWord, rules: ConsentRules): boolean {
  const { analytics, personalization, marketing } = word;
  if (analytics === true || personalization === true || marketing === true) return true;
  return rules.isGrantedByDefault && (analytics === false || personalization === false);
}

export function hearWordIn(
  draft: Draft,
  word: ConsentWord,
  at: number,
  { freezes }: ConsentRules,
): void {
  draft.consent = hearWord(draft.consent, word, at);
  if (word.personalization === false && !freezes) draft.stream = forgetUpTo(draft.stream, at);
}

export function assumeDefaultIn(draft: Draft, consent: Consent): void {
  const next = assumeDefault(draft.consent, consent);
  if (JSON.stringify(next) !== JSON.stringify(draft.consent)) draft.consent = next;
}

export function hearAlone(
  memory: ShopperMemory,
  word: ConsentWord,
  at: number,
  rules: ConsentRules,
): void {
  if (memory.store === null && !isWorthKeeping(word, rules)) return;
  memory.transact((draft) => {
    // What the word leaves out is as before, or as the shop's default is.
    const byDefault = rules.isGrantedByDefault;
    assumeDefaultIn(draft, { analytics: byDefault, personalization: byDefault });
    hearWordIn(draft, word, at, rules);
  });
}
