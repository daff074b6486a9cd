// What the shopper consented to, in our words, those of Google's consent mode v2, and those of consent platforms that
// name categories. A word that nobody here knows grants nothing and is named.
import { accept } from "../../../durable/state/result.ts";
import type { Consent } from "../../../durable/contract.ts";
import { reject, type Checked } from "../rejection.ts";
import { isAbsent, isFields, type Fields } from "./fields.ts";
import { noteUnknown, type Notes } from "./notes.ts";

/** Consent mode v2. The first of a purpose's signals that is there decides. */
const SIGNALS = {
  analytics: ["analytics_storage", "ad_user_data"],
  personalization: ["personalization_storage", "ad_personalization"],
} as const;

const OTHER_SIGNALS = [
  "ad_storage",
  "functionality_storage",
  "security_storage",
  "wait_for_update",
  "region",
];
const OWN = ["analytics", "personalization", "marketing"];
const KNOWN = new Set<string>([
  ...OWN,
  ...OTHER_SIGNALS,
  ...Object.values(SIGNALS).flat(),
  "categoryPreferences",
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
  if (isAbsent(value)) return accept(null);
  if (!isFields(value)) {
    const all = readFlag(value);
    return all === null
      ? invalid("must be an object of purposes")
      : accept({ analytics: all, personalization: all });
  }
  if (isFields(value["categoryPreferences"])) {
    return readCategories(value["categoryPreferences"], notes);
  }
  noteUnknown(notes, "consent", value, KNOWN);
  const unreadable = Object.keys(value).find(
    (key) => KNOWN.has(key) && !OTHER_SIGNALS.includes(key) && isUnreadable(value[key]),
  );
  if (unreadable !== undefined) return invalid(`${unreadable} must be true or false`);
  const keys = Object.keys(value);
  if (keys.length > 0 && !keys.some((key) => KNOWN.has(key))) {
    return invalid("names no purpose that is known here");
  }
  return accept({
    analytics: readPurpose(value, "analytics"),
    personalization: readPurpose(value, "personalization"),
  });
}

function readPurpose(consent: Fields, purpose: keyof typeof SIGNALS): boolean {
  const own = readFlag(consent[purpose]);
  if (own !== null) return own;
  for (const signal of SIGNALS[purpose]) {
    const flag = readFlag(consent[signal]);
    if (flag !== null) return flag;
  }
  return false;
}

/** Where a platform has no category for a purpose, marketing stands for personalization, and nothing for analytics. */
function readCategories(categories: Fields, notes: Notes): Checked<Consent> {
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
