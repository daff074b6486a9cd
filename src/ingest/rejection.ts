// Why an event was refused: the codes that `POST /v1/events` may answer with, each with a sentence for the sender.
import { refuse } from "../../durable/state/result.ts";
import type { Refused, Result } from "../../durable/state/result.ts";

export const REJECTION_CODES = [
  "invalid_event",
  "invalid_json",
  "invalid_consent",
  "unknown_event_name",
  "timestamp_out_of_range",
  "unsupported_currency",
  "missing_items",
  "missing_shopper",
  "placeholder_id",
  "unverified_identity",
  "secret_key_required",
  "event_too_large",
  "rate_limited",
  "conflict",
  "unavailable",
] as const;

export type RejectionCode = (typeof REJECTION_CODES)[number];

export type Rejection = { code: RejectionCode; message: string };

/** What a check says of an event: its value, or why it is refused. */
export type Checked<Value> = Result<Value, Rejection>;

export function reject(code: RejectionCode, message: string): Refused<Rejection> {
  return refuse({ code, message });
}
