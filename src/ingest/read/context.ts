// Where and how an event reached the shop. All of it only describes: what cannot be read is left out.
import type { EventContext } from "../../../durable/contract.ts";
import { readFields } from "./fields.ts";
import type { Notes } from "./notes.ts";
import { readText } from "./text.ts";

/** Kept of a URL, characters. */
const MAX_URL = 512;
/** Longest kind of device, characters. */
const MAX_DEVICE = 32;
/** ISO 3166-1 alpha-2. */
const COUNTRY = /^[A-Z]{2}$/;

const NO_CONTEXT: EventContext = { country: null, device: null, referrer: null, page: null };

export function readContext(value: unknown, notes: Notes): EventContext {
  if (value === undefined || value === null) return NO_CONTEXT;
  const context = readFields(value);
  return {
    country: readCountry(context["country"], notes),
    device: readText(context["device"], MAX_DEVICE, notes),
    referrer: readUrl(context["referrer"], notes),
    page: readUrl(context["page"], notes),
  };
}

function readCountry(value: unknown, notes: Notes): string | null {
  const code = readText(value, MAX_DEVICE, notes)?.toUpperCase() ?? null;
  if (code === null || COUNTRY.test(code)) return code;
  notes.cleaned += 1;
  return null;
}

/** Origin and path: queries and fragments carry search terms, e-mail addresses, tokens. That is no cleaning to tell of. */
function readUrl(value: unknown, notes: Notes): string | null {
  if (typeof value !== "string") return readText(value, MAX_URL, notes);
  const end = value.search(/[?#]/);
  return readText(end < 0 ? value : value.slice(0, end), MAX_URL, notes);
}
