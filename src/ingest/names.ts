// Event names as senders know them, in any case and order of words: ours, which are GA4's, and those of the e-commerce
// specs of Segment (both versions), RudderStack and Shopify. What is known to tell nothing of shopping is ignored.
import { EVENT_NAMES, type EventName } from "../../durable/state/event.ts";

/** `Product Added`, `Added Product` and `product_added` are one. */
const THEIRS: Partial<Record<EventName, readonly string[]>> = {
  view_item: ["Product Viewed"],
  view_item_list: [
    "Product List Viewed",
    "Product List Filtered",
    "Product Category Viewed",
    "Collection Viewed",
  ],
  select_item: ["Product Clicked"],
  search: ["Products Searched", "Search Submitted", "view_search_results"],
  add_to_cart: ["Product Added", "Product Added To Cart", "Wishlist Product Added to Cart"],
  remove_from_cart: ["Product Removed", "Product Removed From Cart"],
  view_cart: ["Cart Viewed", "Cart Update", "Cart Updated"],
  begin_checkout: [
    "Checkout Started",
    "Checkout Updated",
    "Checkout Step Viewed",
    "Checkout Step Completed",
    "Checkout Address Info Submitted",
    "Checkout Contact Info Submitted",
    "Checkout Shipping Info Submitted",
    "Payment Info Entered",
    "Payment Info Submitted",
    "add_shipping_info",
    "add_payment_info",
    "checkout_progress",
    "set_checkout_option",
  ],
  purchase: ["Order Completed", "Order Created", "Order Updated", "Checkout Completed"],
  refund: ["Order Refunded"],
  cancel: ["Order Cancelled", "Order Canceled", "Orders Delete"],
  rate_item: ["Product Reviewed"],
  identify: ["Identify"],
};

const IGNORED: readonly string[] = [
  // Segment
  "Promotion Viewed",
  "Promotion Clicked",
  "Coupon Entered",
  "Coupon Applied",
  "Coupon Denied",
  "Coupon Removed",
  "Product Added to Wishlist",
  "Product Removed from Wishlist",
  "Product Shared",
  "Cart Shared",
  "Application Installed",
  "Application Opened",
  "Application Updated",
  "Application Backgrounded",
  "Application Foregrounded",
  "Application Crashed",
  "Application Uninstalled",
  "Deep Link Opened",
  "Email Opened",
  "Email Link Clicked",
  "Signed Up",
  "Signed In",
  "Signed Out",
  "Page",
  "Screen",
  "Group",
  "Alias",
  // RudderStack's Shopify source
  "Checkouts Delete",
  "Checkout Deleted",
  "Fulfillments Create",
  "Fulfillments Update",
  "Fulfillment Created",
  "Fulfillment Updated",
  "Fulfillment Orders Split",
  "Orders Edited",
  "Order Edited",
  "Orders Fulfilled",
  "Order Fulfilled",
  "Orders Paid",
  "Order Paid",
  "Orders Partially Fulfilled",
  "Orders Partially Fullfilled",
  "Order Partially Fulfilled",
  "Customers Create",
  "Customers Update",
  // Shopify Web Pixel
  "page_viewed",
  "alert_displayed",
  "clicked",
  "form_submitted",
  "input_blurred",
  "input_changed",
  "input_focused",
  "ui_extension_errored",
  // GA4: collected automatically, by enhanced measurement, and recommended
  "page_view",
  "screen_view",
  "session_start",
  "first_visit",
  "first_open",
  "user_engagement",
  "scroll",
  "click",
  "file_download",
  "form_start",
  "form_submit",
  "video_start",
  "video_progress",
  "video_complete",
  "exception",
  "timing_complete",
  "login",
  "logout",
  "sign_up",
  "share",
  "join_group",
  "select_content",
  "view_promotion",
  "select_promotion",
  "add_to_wishlist",
  "remove_from_wishlist",
  "generate_lead",
  "qualify_lead",
  "disqualify_lead",
  "working_lead",
  "close_convert_lead",
  "close_unconvert_lead",
  "campaign_details",
  "ad_impression",
  "earn_virtual_currency",
  "spend_virtual_currency",
  "level_start",
  "level_end",
  "level_up",
  "post_score",
  "tutorial_begin",
  "tutorial_complete",
  "unlock_achievement",
  "web_vitals",
];

/** Messages that tell a shopper's consent and nothing else. */
const CONSENT_MESSAGES: readonly string[] = [
  "consent",
  "Consent Updated",
  "consent_update",
  "cookie_consent_update",
  "Segment Consent Preference Updated",
  "Consent Preference Updated",
  "Consent Preferences Updated",
];

/** Beside `consent`: it is what the page assumes before its visitor has answered (`gtag("consent", "default", ...)`). */
export const ASSUMED = "consent_is_assumed";

const IGNORE = "ignored";
/** Tag managers' own messages. */
const TAG_MANAGER = /^(?:gtm|gtag|optimize)\./;
const LONGEST = 64;

const NAMES = new Map<string, EventName | typeof IGNORE>([
  ...IGNORED.map((name) => [sortWords(name), IGNORE] as const),
  ...EVENT_NAMES.flatMap((ours) =>
    [ours, ...(THEIRS[ours] ?? [])].map((name) => [sortWords(name), ours] as const),
  ),
]);

/** Names as they are mostly written, so that sorting words is for the rest. */
const EXACT = new Map<string, EventName>(EVENT_NAMES.map((name) => [name, name]));

const CONSENT_NAMES = new Set(CONSENT_MESSAGES.map(sortWords));

export function isConsentName(text: string): boolean {
  return !EXACT.has(text) && text.length <= LONGEST && CONSENT_NAMES.has(sortWords(text));
}

/** Our name for what the sender wrote; `ignored` where it tells nothing of shopping, undefined where nobody knows it. */
export function readEventName(text: string): EventName | "ignored" | undefined {
  const exact = EXACT.get(text);
  if (exact !== undefined) return exact;
  if (text.length > LONGEST) return undefined;
  return TAG_MANAGER.test(text) ? IGNORE : NAMES.get(sortWords(text));
}

/** `Product Added`, `addedProduct` and `product_added` give the same. */
function sortWords(name: string): string {
  const words = name
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase()
    .split(/[\s_.:-]+/);
  return words.filter(Boolean).sort().join(" ");
}
