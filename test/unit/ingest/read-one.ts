// One event with a change, read as `POST /v1/events` reads it.
import { readMoney } from "../../../src/shop/money.ts";
import { readEvent } from "../../../src/ingest/read-event.ts";

export const NOW = Date.UTC(2026, 0, 15, 12);
const SETTINGS = {
  now: NOW,
  money: readMoney("EUR", '{"USD": 0.92}'),
  default_consent: { analytics: true, personalization: true },
};
const ROW = { event_id: "e", name: "view_item", timestamp: NOW, anonymous_id: "a" };

export function read(change: object) {
  const checked = readEvent({ ...ROW, items: [{ item_id: "A" }], ...change }, SETTINGS);
  if (!checked.ok) throw new Error(`${checked.reason.code}: ${checked.reason.message}`);
  if (checked.value === null) throw new Error("ignored");
  return checked.value;
}

export function codeOf(change: object): string {
  const checked = readEvent({ ...ROW, ...change }, SETTINGS);
  return checked.ok ? "ok" : checked.reason.code;
}
