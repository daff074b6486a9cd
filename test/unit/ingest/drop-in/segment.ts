// Segment's e-commerce spec, version 2 in full and the names of version 1, and its other kinds of messages.
import { DICE, GAME, ISO, SEGMENT_DICE, SEGMENT_GAME, type Case } from "./case.ts";

const CONTEXT = {
  ip: "203.0.113.7",
  library: { name: "analytics.js", version: "4.1.0" },
  locale: "en-GB",
  page: {
    path: "/p",
    referrer: "https://r.example/",
    title: "P",
    url: "https://shop.example/p?q=1",
  },
  userAgent: "Mozilla/5.0",
};
const ENVELOPE = {
  anonymousId: "v",
  messageId: "m-1",
  channel: "browser",
  context: CONTEXT,
  integrations: { All: true },
  originalTimestamp: ISO,
  timestamp: ISO,
  sentAt: ISO,
  version: "1.1",
};

function track(event: string, properties: object, means: readonly object[]): Case {
  return { name: event, body: { ...ENVELOPE, type: "track", event, properties }, means };
}

const ORDER = {
  order_id: "o-50",
  affiliation: "Shop",
  value: 30,
  total: 27.5,
  revenue: 25,
  shipping: 3,
  tax: 2,
  discount: 2.5,
  coupon: "SPRING",
  currency: "EUR",
  products: [SEGMENT_GAME, SEGMENT_DICE],
};
const LINES = [GAME, DICE];
const ORDER_MEANS = {
  transaction_id: "o-50",
  value: 30,
  coupon: "SPRING",
  currency: "EUR",
  items: LINES,
};

const LIST = { list_id: "games", category: "Games", products: [SEGMENT_GAME, SEGMENT_DICE] };
const LISTED = [{ name: "view_item_list", item_list_id: "games", items: LINES }];
const STEP = { checkout_id: "c-5", step: 2, shipping_method: "Post", payment_method: "Card" };
const COUPON = { order_id: "o-50", cart_id: "c-9", coupon_id: "SPRING" };
const PROMOTION = { promotion_id: "p-1", creative: "banner", name: "Spring", position: "top" };
const CHECKOUT = { name: "begin_checkout" };

export const SEGMENT_V2: readonly Case[] = [
  track("Products Searched", { query: "dice" }, [{ name: "search", search_term: "dice" }]),
  track("Product List Viewed", LIST, LISTED),
  track(
    "Product List Filtered",
    { ...LIST, filters: [{ type: "price", value: "under" }], sorts: [{ type: "p", value: "d" }] },
    LISTED,
  ),
  track("Promotion Viewed", PROMOTION, []),
  track("Promotion Clicked", PROMOTION, []),
  track("Product Clicked", SEGMENT_GAME, [{ name: "select_item", items: [GAME] }]),
  track("Product Viewed", { ...SEGMENT_GAME, currency: "usd", value: 19 }, [
    { name: "view_item", currency: "USD", value: 19, items: [GAME] },
  ]),
  track("Product Added", { ...SEGMENT_GAME, cart_id: "c-9" }, [
    { name: "add_to_cart", items: [GAME] },
  ]),
  track("Product Removed", { ...SEGMENT_GAME, cart_id: "c-9" }, [
    { name: "remove_from_cart", items: [GAME] },
  ]),
  track("Cart Viewed", { cart_id: "c-9", products: [SEGMENT_GAME, SEGMENT_DICE] }, [
    { name: "view_cart", items: LINES },
  ]),
  track("Checkout Started", ORDER, [{ name: "begin_checkout", ...ORDER_MEANS }]),
  track("Checkout Step Viewed", STEP, [CHECKOUT]),
  track("Checkout Step Completed", STEP, [CHECKOUT]),
  track("Payment Info Entered", { ...STEP, order_id: "o-50" }, [
    { ...CHECKOUT, transaction_id: "o-50" },
  ]),
  track("Order Completed", ORDER, [{ name: "purchase", ...ORDER_MEANS }]),
  track("Order Updated", ORDER, [{ name: "purchase", ...ORDER_MEANS }]),
  track(
    "Order Refunded",
    { order_id: "o-50", total: 7, currency: "EUR", products: [SEGMENT_DICE] },
    [{ name: "refund", transaction_id: "o-50", value: 7, currency: "EUR", items: [DICE] }],
  ),
  track("Order Cancelled", ORDER, [{ name: "cancel", ...ORDER_MEANS }]),
  track("Coupon Entered", COUPON, []),
  track("Coupon Applied", { ...COUPON, coupon_name: "Spring", discount: 2.5 }, []),
  track("Coupon Denied", { ...COUPON, reason: "Expired" }, []),
  track("Coupon Removed", COUPON, []),
  track("Product Added to Wishlist", { wishlist_id: "w-1", ...SEGMENT_GAME }, []),
  track("Product Removed from Wishlist", { wishlist_id: "w-1", ...SEGMENT_GAME }, []),
  track("Wishlist Product Added to Cart", { wishlist_id: "w-1", cart_id: "c-9", ...SEGMENT_GAME }, [
    { name: "add_to_cart", items: [GAME] },
  ]),
  track("Product Shared", { share_via: "email", ...SEGMENT_GAME }, []),
  track("Cart Shared", { share_via: "email", cart_id: "c-9", products: [SEGMENT_GAME] }, []),
  track("Product Reviewed", { product_id: "g-17", review_id: "r-1", rating: "5" }, [
    { name: "rate_item", items: [{ item_id: "g-17" }] },
  ]),
];

/** Version 1 had the words the other way round, and `id` for the product. */
const OLD_GAME = {
  id: "g-17",
  sku: "G-17-EN",
  name: "Harbour Lights",
  price: 19,
  category: "Games",
};
const OLD_MEANS = [{ item_id: "G-17-EN", price: 19, item_category: "Games" }];

export const SEGMENT_V1: readonly Case[] = [
  track("Viewed Product", OLD_GAME, [{ name: "view_item", items: OLD_MEANS }]),
  track("Clicked Product", OLD_GAME, [{ name: "select_item", items: OLD_MEANS }]),
  track("Viewed Product Category", { category: "Games" }, [{ name: "view_item_list" }]),
  track("Viewed Product List", LIST, LISTED),
  track("Filtered Product List", LIST, LISTED),
  track("Searched Products", { query: "dice" }, [{ name: "search", search_term: "dice" }]),
  track("Added Product", { ...OLD_GAME, quantity: 2 }, [
    { name: "add_to_cart", items: [{ ...OLD_MEANS[0], quantity: 2 }] },
  ]),
  track("Removed Product", OLD_GAME, [{ name: "remove_from_cart", items: OLD_MEANS }]),
  track("Viewed Cart", { products: [SEGMENT_DICE] }, [{ name: "view_cart", items: [DICE] }]),
  track("Started Checkout", ORDER, [{ name: "begin_checkout", ...ORDER_MEANS }]),
  track("Viewed Checkout Step", STEP, [CHECKOUT]),
  track("Completed Checkout Step", STEP, [CHECKOUT]),
  track("Completed Order", { orderId: "o-50", total: 7, products: [SEGMENT_DICE] }, [
    { name: "purchase", transaction_id: "o-50", value: 7, items: [DICE] },
  ]),
  track("Updated Order", ORDER, [{ name: "purchase", ...ORDER_MEANS }]),
  track("Cancelled Order", ORDER, [{ name: "cancel", ...ORDER_MEANS }]),
  track("Refunded Order", { orderId: "o-50" }, [{ name: "refund", transaction_id: "o-50" }]),
  track("Viewed Promotion", PROMOTION, []),
  track("Clicked Promotion", PROMOTION, []),
];

const JOIN = { name: "identify", anonymous_id: "v", user_id: "u" };
const TRAITS = { traits: { email: "anna@example.com", plan: "premium" } };

export const SEGMENT_KINDS: readonly Case[] = [
  {
    name: "identify",
    body: { ...ENVELOPE, type: "identify", userId: "u", ...TRAITS },
    means: [JOIN],
  },
  {
    name: "identify without traits",
    body: { ...ENVELOPE, type: "identify", userId: "u" },
    means: [JOIN],
  },
  {
    name: "identify without an anonymousId",
    body: { ...ENVELOPE, anonymousId: null, type: "identify", userId: "u", ...TRAITS },
    means: [],
  },
  {
    name: "identify of nobody yet",
    body: { ...ENVELOPE, type: "identify", ...TRAITS },
    means: [],
  },
  {
    name: "page",
    body: { ...ENVELOPE, type: "page", name: "Home", properties: { path: "/" } },
    means: [],
  },
  { name: "screen", body: { ...ENVELOPE, type: "screen", name: "Home" }, means: [] },
  {
    name: "group",
    body: { ...ENVELOPE, type: "group", groupId: "acme", traits: { plan: "x" } },
    means: [],
  },
  {
    name: "alias",
    body: { ...ENVELOPE, anonymousId: null, type: "alias", previousId: "v", userId: "u" },
    means: [JOIN],
  },
  {
    name: "track with consent to nothing",
    body: {
      ...ENVELOPE,
      type: "track",
      event: "Product Added",
      properties: SEGMENT_GAME,
      context: {
        ...CONTEXT,
        consent: {
          categoryPreferences: { Advertising: false, Analytics: false, Functional: false },
        },
      },
    },
    means: [],
  },
];
