// GA4: its recommended events as they come in our envelope, and the three forms in which GA4 itself is told them.
import { DICE, GAME, NOON, type Case } from "./case.ts";

/** An item with all that GA4's reference lists. */
const ITEM = {
  ...GAME,
  item_name: "Harbour Lights",
  affiliation: "Shop",
  discount: 1.5,
  item_category2: "Board",
  item_category3: "Sea",
  item_category4: "Line",
  item_category5: "New",
  item_list_id: "spring",
  item_list_name: "Spring",
  location_id: "L_1",
};
const LINE = { ...GAME, item_list_id: "spring" };
const MONEY = { currency: "USD", value: 22.5 };
const GOODS = { ...MONEY, items: [ITEM, DICE] };
const GOODS_MEAN = { ...MONEY, items: [LINE, DICE] };
const ORDER = {
  transaction_id: "T_1",
  coupon: "SPRING",
  shipping: 3,
  tax: 1,
  customer_type: "new",
};
const ORDER_MEANS = { transaction_id: "T_1", coupon: "SPRING" };
const PROMOTION = {
  creative_name: "banner.jpg",
  creative_slot: "top",
  promotion_id: "P_1",
  promotion_name: "Spring",
  items: [{ ...ITEM, promotion_id: "P_1" }],
};

/** Parameters of each event by its name, and what they mean. */
const EVENTS: readonly (readonly [name: string, params: object, means: readonly object[]])[] = [
  [
    "add_payment_info",
    { ...GOODS, coupon: "SPRING", payment_type: "Card" },
    [{ name: "begin_checkout", ...GOODS_MEAN, coupon: "SPRING" }],
  ],
  [
    "add_shipping_info",
    { ...GOODS, coupon: "SPRING", shipping_tier: "Ground" },
    [{ name: "begin_checkout", ...GOODS_MEAN, coupon: "SPRING" }],
  ],
  ["add_to_cart", GOODS, [{ name: "add_to_cart", ...GOODS_MEAN }]],
  ["add_to_wishlist", GOODS, []],
  ["begin_checkout", GOODS, [{ name: "begin_checkout", ...GOODS_MEAN }]],
  ["generate_lead", { ...MONEY, lead_source: "fair" }, []],
  ["login", { method: "mail" }, []],
  ["page_view", { page_location: "https://shop.example/", page_title: "Shop" }, []],
  ["purchase", { ...GOODS, ...ORDER }, [{ name: "purchase", ...GOODS_MEAN, ...ORDER_MEANS }]],
  ["refund", { ...MONEY, ...ORDER }, [{ name: "refund", ...MONEY, ...ORDER_MEANS }]],
  ["remove_from_cart", GOODS, [{ name: "remove_from_cart", ...GOODS_MEAN }]],
  ["search", { search_term: "dice" }, [{ name: "search", search_term: "dice" }]],
  ["select_content", { content_type: "product", content_id: "g-17" }, []],
  [
    "select_item",
    { item_list_id: "games", item_list_name: "Games", items: [DICE] },
    [{ name: "select_item", items: [{ ...DICE, item_list_id: "games" }] }],
  ],
  ["select_promotion", PROMOTION, []],
  ["share", { method: "mail", content_type: "image", item_id: "g-17" }, []],
  ["sign_up", { method: "mail" }, []],
  ["view_cart", GOODS, [{ name: "view_cart", ...GOODS_MEAN }]],
  ["view_item", GOODS, [{ name: "view_item", ...GOODS_MEAN }]],
  [
    "view_item_list",
    { item_list_id: "games", item_list_name: "Games", items: [ITEM, DICE] },
    [{ name: "view_item_list", items: [LINE, { ...DICE, item_list_id: "games" }] }],
  ],
  ["view_promotion", PROMOTION, []],
];

/** Events in our envelope, their parameters beside its fields. */
export const GA4_EVENTS: readonly Case[] = EVENTS.map(([name, params, means]) => ({
  name,
  body: { event_id: "e-1", name, timestamp: NOON, anonymous_id: "v", ...params },
  means,
}));

const PURCHASE = { ...GOODS, ...ORDER };
const BOUGHT = [{ name: "purchase", ...GOODS_MEAN, ...ORDER_MEANS }];
const CONSENT = { ad_user_data: "GRANTED", ad_personalization: "GRANTED" };

export const GA4_FORMS: readonly Case[] = [
  {
    name: "Measurement Protocol",
    body: {
      client_id: "v",
      timestamp_micros: String(NOON * 1000),
      non_personalized_ads: false,
      consent: CONSENT,
      user_properties: { tier: { value: "gold" } },
      events: [
        { name: "page_view", params: { page_location: "https://shop.example/" } },
        { name: "purchase", params: { ...PURCHASE, session_id: "s-1", engagement_time_msec: 100 } },
      ],
    },
    means: [{ ...BOUGHT[0], session_id: "s-1" }],
  },
  {
    name: "Measurement Protocol of a user, times in the event",
    body: {
      client_id: "v",
      user_id: "u",
      events: [{ name: "purchase", timestamp_micros: NOON * 1000, params: PURCHASE }],
    },
    means: BOUGHT,
    who: { user_id: "u" },
  },
  {
    name: "dataLayer",
    body: {
      anonymous_id: "v",
      events: [
        { "gtm.start": NOON, event: "gtm.js" },
        { ecommerce: null },
        { event: "purchase", ecommerce: PURCHASE, "gtm.uniqueEventId": 7 },
      ],
    },
    means: BOUGHT,
  },
  {
    name: "gtag, as an array",
    body: {
      anonymous_id: "v",
      events: [
        ["js", "2026-01-15T12:00:00Z"],
        ["config", "G-1", { send_page_view: false }],
        ["event", "purchase", PURCHASE],
      ],
    },
    means: BOUGHT,
  },
  {
    name: "gtag, as the arguments that it pushes",
    body: { anonymous_id: "v", events: [{ 0: "event", 1: "purchase", 2: PURCHASE }] },
    means: BOUGHT,
  },
];
