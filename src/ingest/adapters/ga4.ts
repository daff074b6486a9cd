// GA4's three forms: events of the Measurement Protocol, objects of a data layer, calls of gtag. Names of events and
// items are ours already; what is told around them has other names.
import { ASSUMED } from "../names.ts";
import { firstOf, isFields, readFields, readPath, type Fields } from "../read/fields.ts";

export type Command =
  | { kind: "event"; event: Fields }
  /** `isAssumed`: before the visitor has answered. */
  | { kind: "consent"; consent: unknown; isAssumed: boolean }
  | { kind: "other" };

/** Words that `gtag` takes first. */
const COMMANDS = new Set(["event", "consent", "config", "set", "get", "js"]);

/** A call of gtag; null where it is none. */
export function readCommand(row: unknown): Command | null {
  const call = Array.isArray(row) ? row : Object.values(readFields(row));
  const [word, what, more]: unknown[] = call;
  if (typeof word !== "string" || !COMMANDS.has(word)) return null;
  if (word === "event" && typeof what === "string") {
    return { kind: "event", event: { name: what, params: readFields(more) } };
  }
  return word === "consent"
    ? { kind: "consent", consent: more, isAssumed: what !== "update" }
    : { kind: "other" };
}

/**
 * An event with its parameters apart, `{name, params}`, and around them what the Measurement Protocol's body or our own
 * envelope says.
 */
export function fromGa4(row: Fields): Fields {
  const params = readFields(row["params"]);
  const of = (name: string) => firstOf(row[name], params[name]);
  return {
    event_id: of("event_id"),
    name: row["name"],
    timestamp: firstOf(of("timestamp"), of("timestamp_micros")),
    sent_at: row["sent_at"],
    anonymous_id: firstOf(of("anonymous_id"), of("client_id"), row["app_instance_id"]),
    user_id: of("user_id"),
    user_hash: firstOf(of("user_hash"), readPath(row, "user_properties", "user_hash", "value")),
    session_id: firstOf(of("session_id"), params["ga_session_id"]),
    items: of("items"),
    value: of("value"),
    currency: of("currency"),
    item_list_id: of("item_list_id"),
    item_list_name: of("item_list_name"),
    search_term: of("search_term"),
    transaction_id: of("transaction_id"),
    coupon: of("coupon"),
    recommendation_id: of("recommendation_id"),
    consent: firstOf(of("consent"), readGcs(of("gcs"))),
    [ASSUMED]: row[ASSUMED],
    context: isFields(row["context"]) ? row["context"] : readSurroundings(row, params),
  };
}

function readGcs(gcs: unknown): Fields | undefined {
  return gcs === undefined ? undefined : { gcs };
}

/** Null for what only moves the tag manager. */
export function fromDataLayer(row: Fields): Fields | null {
  const { event, ecommerce } = row;
  if (event === undefined) return null;
  return fromGa4({ ...row, name: event, params: { ...row, ...readFields(ecommerce) } });
}

function readSurroundings(row: Fields, params: Fields): Fields {
  return {
    page: params["page_location"],
    referrer: params["page_referrer"],
    country: readPath(row, "user_location", "country_id"),
    device: readPath(row, "device", "category"),
  };
}
