// Shopify: the events of RudderStack's Shopify source, and those of Shopify's own Web Pixel.
import { DICE, GAME, ISO, SEGMENT_DICE, SEGMENT_GAME, type Case } from "./case.ts";

const TOPICS = { topic: "orders_create", library: { name: "RudderStack Shopify Cloud" } };

function track(event: string, properties: object, means: readonly object[]): Case {
  const message = {
    type: "track",
    event,
    messageId: "m-1",
    anonymousId: "v",
    originalTimestamp: ISO,
  };
  return {
    name: event,
    body: {
      ...message,
      properties,
      channel: "server",
      context: TOPICS,
      integrations: { All: true },
    },
    means,
  };
}

const PRODUCTS = { products: [SEGMENT_GAME, SEGMENT_DICE] };
const LINES = [GAME, DICE];
const ORDER = { order_id: "o-50", total: 26, currency: "EUR", ...PRODUCTS };
const ORDER_MEANS = { transaction_id: "o-50", value: 26, currency: "EUR", items: LINES };
const CHECKOUT = { checkout_id: "c-5", total: 26, currency: "EUR", ...PRODUCTS };
const CHECKOUT_MEANS = [{ name: "begin_checkout", value: 26, currency: "EUR", items: LINES }];

export const RUDDERSTACK: readonly Case[] = [
  track("Cart Viewed", { cart_id: "c-9", ...PRODUCTS }, [{ name: "view_cart", items: LINES }]),
  track("Product List Viewed", { list_id: "games", ...PRODUCTS }, [
    { name: "view_item_list", item_list_id: "games", items: LINES },
  ]),
  track("Product Viewed", SEGMENT_GAME, [{ name: "view_item", items: [GAME] }]),
  track("Products Searched", { query: "dice" }, [{ name: "search", search_term: "dice" }]),
  track("Product Added", SEGMENT_GAME, [{ name: "add_to_cart", items: [GAME] }]),
  track("Product Removed", SEGMENT_GAME, [{ name: "remove_from_cart", items: [GAME] }]),
  track("Cart Update", { id: "c-9", ...PRODUCTS }, [{ name: "view_cart", items: LINES }]),
  track("Checkout Started", CHECKOUT, CHECKOUT_MEANS),
  track("Checkout Updated", CHECKOUT, CHECKOUT_MEANS),
  track("Checkout Address Info Submitted", CHECKOUT, CHECKOUT_MEANS),
  track("Checkout Contact Info Submitted", CHECKOUT, CHECKOUT_MEANS),
  track("Checkout Shipping Info Submitted", CHECKOUT, CHECKOUT_MEANS),
  track("Payment Info Submitted", CHECKOUT, CHECKOUT_MEANS),
  track("Checkouts Delete", { id: 5 }, []),
  track("Order Completed", ORDER, [{ name: "purchase", ...ORDER_MEANS }]),
  track("Order Created", ORDER, [{ name: "purchase", ...ORDER_MEANS }]),
  track("Order Updated", ORDER, [{ name: "purchase", ...ORDER_MEANS }]),
  track("Order Cancelled", ORDER, [{ name: "cancel", ...ORDER_MEANS }]),
  track("Orders Paid", ORDER, []),
  track("Orders Fulfilled", ORDER, []),
  track("Orders Partially Fulfilled", ORDER, []),
  track("Orders Edited", { id: 50 }, []),
  track("Fulfillments Create", { id: 1, order_id: "o-50" }, []),
  track("Fulfillments Update", { id: 1, order_id: "o-50" }, []),
  track("Fulfillment Orders Split", { id: 1 }, []),
];

const VARIANT = {
  id: "gid://shopify/ProductVariant/171",
  sku: "G-17-EN",
  title: "english",
  image: { src: "https://shop.example/p.jpg" },
  price: { amount: 19, currencyCode: "EUR" },
  product: {
    id: "gid://shopify/Product/17",
    title: "Harbour Lights",
    type: "Games",
    vendor: "Quay",
    url: "/products/harbour-lights",
  },
};
const LINE = {
  item_id: "G-17-EN",
  item_variant: "171",
  item_group_id: "17",
  price: 19,
  item_category: "Games",
  item_brand: "Quay",
};
const CART_LINE = { merchandise: VARIANT, quantity: 2, cost: { totalAmount: { amount: 38 } } };
const TWO = [{ ...LINE, quantity: 2 }];
const TOTAL = { amount: 41, currencyCode: "EUR" };
const CHECKOUT_DATA = {
  token: "c-5",
  currencyCode: "EUR",
  totalPrice: TOTAL,
  lineItems: [{ id: "1", title: "Harbour Lights", quantity: 2, variant: VARIANT }],
  discountApplications: [{ type: "DISCOUNT_CODE", title: "SPRING" }],
};
const CHECKED = { value: 41, currency: "EUR", items: TWO, coupon: "SPRING" };

function pixel(name: string, data: object, means: readonly object[]): Case {
  const page = { location: { href: "https://shop.example/p?q=1" }, referrer: "https://r.example/" };
  const event = { id: "px-1", clientId: "v", type: "standard", seq: 3, timestamp: ISO };
  return { name, body: { ...event, name, context: { document: page }, data }, means };
}

export const PIXEL: readonly Case[] = [
  pixel("page_viewed", {}, []),
  pixel(
    "collection_viewed",
    { collection: { id: "7", title: "Games", productVariants: [VARIANT] } },
    [{ name: "view_item_list", item_list_id: "7", items: [{ ...LINE, index: 0 }] }],
  ),
  pixel("search_submitted", { searchResult: { query: "dice", productVariants: [VARIANT] } }, [
    { name: "search", search_term: "dice", items: [{ ...LINE, index: 0 }] },
  ]),
  pixel("product_viewed", { productVariant: VARIANT }, [{ name: "view_item", items: [LINE] }]),
  pixel("product_added_to_cart", { cartLine: CART_LINE }, [{ name: "add_to_cart", items: TWO }]),
  pixel("product_removed_from_cart", { cartLine: CART_LINE }, [
    { name: "remove_from_cart", items: TWO },
  ]),
  pixel("cart_viewed", { cart: { id: "c-9", cost: { totalAmount: TOTAL }, lines: [CART_LINE] } }, [
    { name: "view_cart", value: 41, currency: "EUR", items: TWO },
  ]),
  ...[
    "checkout_started",
    "checkout_contact_info_submitted",
    "checkout_address_info_submitted",
    "checkout_shipping_info_submitted",
    "payment_info_submitted",
  ].map((name) =>
    pixel(name, { checkout: CHECKOUT_DATA }, [{ name: "begin_checkout", ...CHECKED }]),
  ),
  pixel(
    "checkout_completed",
    {
      checkout: {
        ...CHECKOUT_DATA,
        order: { id: "gid://shopify/Order/50", customer: { id: "2" } },
      },
    },
    [{ name: "purchase", transaction_id: "50", ...CHECKED }],
  ),
  pixel("alert_displayed", { alert: { type: "INPUT_REQUIRED" } }, []),
];
