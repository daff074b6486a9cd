// What logs of shops call their events, beside the names that the Worker knows.
import type { EventName } from "../../../durable/state/event.ts";
import { readEventName } from "../../ingest/names.ts";

type Name = EventName | "ignored";

const THEIRS = new Map<string, Name>([
  ...words(
    "view viewed detail details product_view productview pv click visit impression_detail",
    "view_item",
  ),
  ...words("cart addtocart add_cart add basket atc", "add_to_cart"),
  ...words("removefromcart remove", "remove_from_cart"),
  ...words("transaction purchased order buy bought sale sold conversion completed", "purchase"),
  ...words("return returned refunded", "refund"),
  ...words("cancelled canceled", "cancel"),
  ...words("query searched", "search"),
  ...words("fav favorite favourite wish wishlist like bookmark pageview", "ignored"),
]);

function words(list: string, name: Name): [string, Name][] {
  return list.split(" ").map((word) => [word, name]);
}

/** `ignored` where it tells nothing of shopping, undefined where nobody knows it. */
export function readHistoryName(text: string): Name | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
  // A click in a log of a shop is one on an item; GA4's `click` is one on a link.
  return THEIRS.get(word) ?? readEventName(text.trim());
}
