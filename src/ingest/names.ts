// Event names as senders know them: GA4's, which are ours, and those of the Segment v2 e-commerce spec.
import { EVENT_NAMES, type EventName } from "../../durable/state/event.ts";

/** Segment's names (https://segment.com/docs/connections/spec/ecommerce/v2/), each with ours. */
const SEGMENT_NAMES = [
  ["Product Viewed", "view_item"],
  ["Product List Viewed", "view_item_list"],
  ["Product List Filtered", "view_item_list"],
  ["Product Clicked", "select_item"],
  ["Products Searched", "search"],
  ["Product Added", "add_to_cart"],
  ["Product Removed", "remove_from_cart"],
  ["Cart Viewed", "view_cart"],
  ["Checkout Started", "begin_checkout"],
  ["Order Completed", "purchase"],
  ["Order Refunded", "refund"],
  ["Product Reviewed", "rate_item"],
  ["Identify", "identify"],
] as const satisfies (readonly [string, EventName])[];

const NAMES = new Map<string, EventName>([
  ...EVENT_NAMES.map((name): [string, EventName] => [name, name]),
  ...SEGMENT_NAMES.map(([theirs, ours]): [string, EventName] => [theirs.toLowerCase(), ours]),
]);

/** Our name for what the sender wrote, in any case; undefined where nobody knows it. */
export function readEventName(text: string): EventName | undefined {
  return NAMES.get(text.toLowerCase());
}
