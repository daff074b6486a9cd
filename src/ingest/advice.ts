// What a sender has to change, by the code of a refusal.
import type { LineCode } from "./read/notes.ts";
import type { RejectionCode } from "./rejection.ts";

const ADVICE: Readonly<Record<RejectionCode | LineCode, string>> = {
  invalid_event:
    "Send what the message names in a form that it allows; ids are text or whole numbers, times have a zone.",
  invalid_json: "Send JSON: one value, or one a line.",
  invalid_consent:
    "Send `consent` as {analytics, personalization}, Google's consent mode v2, or Segment's categoryPreferences.",
  unknown_event_name:
    "Rename the event to one of GA4's or Segment's e-commerce spec, or leave it out: src/ingest/README.md lists both.",
  timestamp_out_of_range:
    "Send the time of the event, not of a clock that runs ahead (`sent_at` sets a wrong clock right); what is older than a year, with a secret key.",
  unsupported_currency:
    "Add a rate for the currency to EXCHANGE_RATES, or send amounts in a currency that has one (ISO 4217).",
  missing_items: "Send the items that the event is about, each with its `item_id`.",
  missing_shopper: "Send `user_id` or `anonymous_id`; `identify` needs both.",
  placeholder_id:
    "Call `identify` only when the user is known: the id was what a program prints for nobody.",
  unverified_identity:
    "Send `user_hash`, the hex HMAC-SHA256 of the user id under IDENTITY_SECRET, made by the back end; or identify from there.",
  secret_key_required: "Send it from the back end, with a secret key.",
  event_too_large: "Send shorter ids, or the order in parts with the same `transaction_id`.",
  rate_limited: "Send it again after a minute; a back end's events, with a secret key.",
  conflict:
    "Give each event an id of its own; only a retry of the very same event has its id again.",
  unavailable: "Send it again.",
  invalid_line: "Send each line as an object.",
  invalid_item_id: "Send the `item_id` that the catalogue has, as text or a whole number.",
  invalid_price:
    "Send the price of one piece, above or equal to 0; a discount or a shipping credit is no line.",
  invalid_quantity:
    "Send a quantity above 0; what is taken back is a `remove_from_cart` or `refund`.",
  too_many_lines: "Send the order in parts with the same `transaction_id`.",
};

/** A sentence for codes of other versions too. */
export function adviseOn(code: string): string {
  return new Map(Object.entries(ADVICE)).get(code) ?? "Read the message of the sample.";
}
