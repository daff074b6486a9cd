// A row of the log as live views read it.
import type { EventRow } from "../../durable/state/event.ts";
import type { Visit } from "./segment-trends.ts";

/** The part of a log row that is read here; `seq` orders rows as the log took them. */
export type TailRow = Pick<
  EventRow,
  | "seq"
  | "shopper"
  | "event_id"
  | "name"
  | "timestamp"
  | "session_id"
  | "linked_from"
  | "transaction_id"
  | "item_id"
  | "item_variant"
> &
  Visit;
