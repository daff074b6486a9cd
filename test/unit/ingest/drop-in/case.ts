// A message of a standard, and what it means: the same told in our own words. The values are ours.

/** Noon of the day when everything in the examples happens, ms. */
export const NOON = Date.UTC(2026, 0, 15, 12);
export const ISO = new Date(NOON).toISOString();

export type Case = {
  name: string;
  /** The body of a request. */
  body: unknown;
  /** Events in our form without id, time and shopper; empty where nothing is to be kept. */
  means: readonly object[];
  /** Whose it is; the visitor `v` where it is not said. */
  who?: object;
};

export const VISITOR = { anonymous_id: "v" };

/** The two items of the examples, as the specs' example shops have them: with more fields than anybody needs. */
export const SEGMENT_GAME = {
  product_id: "g-17",
  sku: "G-17-EN",
  category: "Games",
  name: "Harbour Lights",
  brand: "Quay",
  variant: "english",
  price: 19,
  quantity: 1,
  coupon: "SPRING",
  position: 3,
  url: "https://shop.example/p/harbour-lights",
  image_url: "https://shop.example/p/harbour-lights.jpg",
};
export const GAME = {
  item_id: "g-17",
  item_variant: "english",
  price: 19,
  quantity: 1,
  item_category: "Games",
  item_brand: "Quay",
  coupon: "SPRING",
  index: 2,
};
export const SEGMENT_DICE = {
  product_id: "d-4",
  sku: "D-4",
  name: "Bone dice",
  price: 3.5,
  quantity: 2,
  category: "Games",
};
export const DICE = { item_id: "d-4", price: 3.5, quantity: 2, item_category: "Games" };
