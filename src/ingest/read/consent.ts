// What the shopper consented to, in our words, those of Google's consent mode v2, and those of consent platforms that
// name categories. A word that nobody here knows grants nothing and is named.
import { accept } from "../../../durable/state/result.ts";
import type { ConsentWord } from "../../../durable/state/consent.ts";
import type { Consent } from "../../../durable/contract.ts";
import { reject, type Checked } from "../rejection.ts";
import { isAbsent, isFields, type Fields } from "./fields.ts";
import { noteUnknown, type Notes } from "./notes.ts";

/** Consent mode v2. The first of a purpose's signals that is there decides. */
const SIGNALS = {
  analytics: ["analytics_storage", "ad_user_data"],
  personalization: ["personalization_storage", "ad_personalization"],
  marketing: ["ad_user_data", "ad_storage"],
} as const;

const OTHER_SIGNALS = ["functionality_storage", "security_storage", "wait_for_update", "region"];
const UNREAD = new Set<string>([...OTHER_SIGNALS, "gcs"]);
const OWN = ["analytics", "personalization", "marketing"];
const KNOWN = new Set<string>([
  ...OWN,
  ...OTHER_SIGNALS,
  ...Object.values(SIGNALS).flat(),
  "categoryPreferences",
  "gcs",
]);

const YES = new Set(["true", "granted", "grant", "yes", "allow", "allowed", "opt_in", "1"]);
const NO = new Set(["false", "denied", "deny", "no", "disallow", "opt_out", "0"]);

/** Categories of consent platforms, by what is in their names: OneTrust's numbers, Cookiebot's and others' words. */
const CATEGORIES = {
  analytics: /^c0*2$|analytic|statistic|performance|measure/i,
  personalization: /^c0*3$|personali|functional|preference/i,
  marketing: /^c0*4$|advert|target|market/i,
  necessary: /^c0*1$|necessary|essential|strict/i,
};

/** Null where the sender says nothing of consent. */
export function readConsent(value: unknown, notes: Notes): Checked<Consent | null> {
  const word = readWord(value, notes);
  return word.ok ? accept(word.value === null ? null : toConsent(word.value)) : word;
}

/** Of an event, a purpose left out is denied; of `marketing` it says nothing, as few events ask for that. */
function toConsent({ analytics, personalization, marketing }: ConsentWord): Consent {
  const both = { analytics: analytics ?? false, personalization: personalization ?? false };
  return marketing === null ? both : { ...both, marketing };
}

/** The same for a message that is about consent alone: what it leaves out stays as it was. */
export function readWord(value: unknown, notes: Notes): Checked<ConsentWord | null> {
  if (isAbsent(value)) return accept(null);
  if (!isFields(value)) {
    const all = readFlag(value);
    return all === null
      ? invalid("must be an object of purposes")
      : accept({ analytics: all, personalization: all, marketing: null });
  }
  if (isFields(value["categoryPreferences"])) {
    return readCategories(value["categoryPreferences"], notes);
  }
  noteUnknown(notes, "consent", value, KNOWN);
  const unreadable = Object.keys(value).find(
    (key) => KNOWN.has(key) && !UNREAD.has(key) && isUnreadable(value[key]),
  );
  if (unreadable !== undefined) return invalid(`${unreadable} must be true or false`);
  const keys = Object.keys(value);
  if (keys.length > 0 && !keys.some((key) => KNOWN.has(key))) {
    return invalid("names no purpose that is known here");
  }
  const signals = { ...readGcs(value["gcs"]), ...value };
  return accept({
    analytics: readPurpose(signals, "analytics"),
    personalization: readPurpose(signals, "personalization"),
    marketing: readPurpose(signals, "marketing"),
  });
}

const GCS = /^G1([01-])([01-])$/;

/** Google's `gcs`, as its tags send it: `G1`, then advertising and analytics, 1 or 0. */
function readGcs(value: unknown): Fields {
  const [, ads, analytics] = (typeof value === "string" ? GCS.exec(value) : null) ?? [];
  const flags = { "1": true, "0": false };
  const of = (digit: string | undefined) =>
    digit === "1" || digit === "0" ? flags[digit] : undefined;
  // Nothing in it is about the site's own lists; who refuses advertising is not followed there either.
  return { analytics_storage: of(analytics), ad_storage: of(ads), ad_personalization: of(ads) };
}

function readPurpose(consent: Fields, purpose: keyof typeof SIGNALS): boolean | null {
  const own = readFlag(consent[purpose]);
  if (own !== null) return own;
  for (const signal of SIGNALS[purpose]) {
    const flag = readFlag(consent[signal]);
    if (flag !== null) return flag;
  }
  return null;
}

/** Where a platform has no category for a purpose, marketing stands for personalization, and nothing for analytics. */
function readCategories(categories: Fields, notes: Notes): Checked<ConsentWord> {
  const given = new Map<string, boolean>();
  const flags: boolean[] = [];
  for (const [name, value] of Object.entries(categories)) {
    const flag = readFlag(value);
    if (flag === null) return invalid(`category ${name.slice(0, 64)} must be true or false`);
    flags.push(flag);
    const known = Object.entries(CATEGORIES).filter(([, pattern]) => pattern.test(name));
    if (known.length === 0) noteUnknown(notes, "consent", { [name]: flag }, KNOWN);
    for (const [purpose] of known) given.set(purpose, (given.get(purpose) ?? true) && flag);
  }
  // Names that say nothing still say something where all of them agree.
  const all = flags.length > 0 && given.size === 0 && flags.every(Boolean);
  return accept({
    analytics: given.get("analytics") ?? all,
    personalization: given.get("personalization") ?? given.get("marketing") ?? all,
    marketing: given.get("marketing") ?? null,
  });
}

/** Null where it is neither. */
function readFlag(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  const word = text.trim().toLowerCase();
  return YES.has(word) ? true : NO.has(word) ? false : null;
}

function isUnreadable(value: unknown): boolean {
  return !isAbsent(value) && readFlag(value) === null;
}

function invalid(what: string) {
  return reject("invalid_consent", `consent: ${what}.`);
}
