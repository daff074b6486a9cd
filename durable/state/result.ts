// What an operation gives back that may be refused: one shape on all floors. Bugs throw; what can be expected is a value.

/** @typeParam Reason one sentence, or `{ code, message }` where callers tell the reasons apart */
export type Result<Value, Reason = string> = { ok: true; value: Value } | Refused<Reason>;

export type Refused<Reason = string> = { ok: false; reason: Reason };

export function accept<Value>(value: Value): { ok: true; value: Value } {
  return { ok: true, value };
}

export function refuse<Reason>(reason: Reason): Refused<Reason> {
  return { ok: false, reason };
}
