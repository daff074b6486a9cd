// What a shopper bought: frequency, value, and the items for buy-again.

export type BoughtItem = {
  item_id: string;
  /** Number of orders that held it. */
  times: number;
  quantity: number;
  /** Event time of the last purchase, ms. */
  last_at: number;
};

/** Frequency and value of a shopper; money in minor units of the shop's currency. */
export type Purchases = {
  orders: number;
  revenue: number;
  refunds: number;
  refunded: number;
  first_at: number | null;
  last_at: number | null;
  /** The last order, so that its lines count once though the thank-you page is loaded twice. */
  last_order: { transaction_id: string; item_ids: string[] } | null;
  /** Last bought last, at most `BOUGHT_ITEMS`. */
  bought: BoughtItem[];
};
