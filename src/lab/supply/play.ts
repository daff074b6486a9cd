// One item's stock played day by day over its own history: what is sold while it lasts, orders once a week, goods that
// come when they come. What is not there is not sold: the shopper does not wait.

export type OrderUp = {
  /** Pieces there and on order at or below which an order is placed. */
  point: number;
  /** Pieces up to which it fills. */
  upTo: number;
};

/** @param week from 0, of those that are played */
export type ItemPolicy = (week: number) => OrderUp;

export type Played = {
  /** Pieces asked for, and sold. */
  asked: number;
  sold: number;
  /** Pieces there at the end of a day, over all days. */
  held: number;
  orders: number;
  days: number;
};

export const WEEK = 7;

/**
 * Begins with what the policy would fill up to.
 *
 * @param demand pieces asked for on each day
 * @param leads days that each order takes, by its number; drawn beforehand, so that all policies meet the same ones
 */
export function play(demand: Float32Array, policy: ItemPolicy, leads: readonly number[]): Played {
  const due = new Map<number, number>();
  let stock = Math.ceil(policy(0).upTo);
  let ordered = 0;
  const played: Played = { asked: 0, sold: 0, held: 0, orders: 0, days: demand.length };
  for (const [day, asked] of demand.entries()) {
    const came = due.get(day) ?? 0;
    stock += came;
    ordered -= came;
    if (day % WEEK === 0) {
      const { point, upTo } = policy(day / WEEK);
      const quantity = Math.ceil(upTo - stock - ordered);
      if (stock + ordered <= point && quantity > 0) {
        const arrival = day + Math.max(1, leads[played.orders % leads.length] ?? 1);
        due.set(arrival, (due.get(arrival) ?? 0) + quantity);
        ordered += quantity;
        played.orders++;
      }
    }
    const sold = Math.min(stock, asked);
    stock -= sold;
    played.asked += asked;
    played.sold += sold;
    played.held += stock;
  }
  return played;
}
