// Real time or batch? The one place that decides, by event name and consent.
import type { Consent } from "../../durable/contract.ts";
import type { EventName } from "../../durable/state/event.ts";

/** When an event goes a way: never, always, or only with the shopper's consent to that purpose. */
type When = "never" | "always" | "analytics" | "personalization";

/** `realtime`: folded into the shopper's object at once. `batch`: by the queue into the log. */
type Ways = { realtime: When; batch: When };

const PERSONAL: Ways = { realtime: "personalization", batch: "analytics" };
/** About goods, not people: nobody's consent is needed, and there is no shopper to fold it into. */
const GOODS: Ways = { realtime: "never", batch: "always" };

const ROUTES: Record<EventName, Ways> = {
  view_item: PERSONAL,
  view_item_list: PERSONAL,
  select_item: PERSONAL,
  search: PERSONAL,
  add_to_cart: PERSONAL,
  remove_from_cart: PERSONAL,
  view_cart: PERSONAL,
  begin_checkout: PERSONAL,
  purchase: PERSONAL,
  refund: PERSONAL,
  cancel: PERSONAL,
  rate_item: PERSONAL,
  identify: PERSONAL,
  stock_update: GOODS,
};

export function routeEvent(
  name: EventName,
  consent: Consent,
): { realtime: boolean; batch: boolean } {
  const allows = (when: When) => when === "always" || (when !== "never" && consent[when]);
  return { realtime: allows(ROUTES[name].realtime), batch: allows(ROUTES[name].batch) };
}
