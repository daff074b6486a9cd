// Why an event was refused: the codes that `POST /v1/events` may answer with, each with a sentence for the sender.

export type RejectionCode =
  | "invalid_event"
  | "unknown_event_name"
  | "timestamp_out_of_range"
  | "unsupported_currency"
  | "missing_items"
  | "missing_shopper"
  | "secret_key_required"
  | "event_too_large"
  | "unavailable";

export type Rejection = { code: RejectionCode; message: string };

/** What a check says of an event: its value, or why it is refused. */
export type Checked<Value> = { ok: true; value: Value } | { ok: false; error: Rejection };

export function pass<Value>(value: Value): Checked<Value> {
  return { ok: true, value };
}

export function refuse(code: RejectionCode, message: string): { ok: false; error: Rejection } {
  return { ok: false, error: { code, message } };
}
