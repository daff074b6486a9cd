// All orders of a log at its end: for those who learn from what was bought, each line once and only if it was kept.
import type { ItemLine, ShopEvent } from "../event.ts";
import { joinOrders } from "./join-orders.ts";
import { lineKey, toOrder, type Order, type OrderLine } from "./order.ts";

/** An event with whom it is of; on an `identify`, who turned out to be that shopper. */
type Logged = { shopper: string; linked_from: string | null; event: ShopEvent };

export class OrderBook {
  /** By shopper and transaction; orders without a transaction id are told once. */
  readonly #orders = new Map<string, Order>();
  readonly #owners = new Map<string, string>();
  /** Lines that were handed out. */
  readonly #told = new Set<string>();

  constructor(log: readonly Logged[]) {
    for (const { shopper, linked_from } of log) {
      if (linked_from !== null && !this.#owners.has(linked_from))
        this.#owners.set(linked_from, shopper);
    }
    for (const { shopper, event } of log) {
      const told = event.transaction_id === null ? null : toOrder(event);
      if (told === null) continue;
      const key = this.#keyOf(shopper, event);
      this.#orders.set(key, joinOrders(this.#orders.get(key) ?? told, told));
    }
  }

  /** The event's lines, but of a purchase only those that were kept and are not told again. To be asked once an event. */
  linesOf({ shopper, event }: Logged): readonly ItemLine[] {
    if (event.name !== "purchase") return event.items;
    const key = this.#keyOf(shopper, event);
    const order = this.#orders.get(key);
    if (order === undefined) return event.items;
    if (order.cancelled) return [];
    const isBack = (line: OrderLine) => line.refunded === line.quantity;
    const back = new Set(order.lines.filter(isBack).map(lineKey));
    return event.items.filter((line) => {
      const name = lineKey(line);
      if (back.has(name) || this.#told.has(key + name)) return false;
      this.#told.add(key + name);
      return true;
    });
  }

  #keyOf(shopper: string, { transaction_id }: ShopEvent): string {
    return `${this.#owners.get(shopper) ?? shopper}\n${transaction_id}\n`;
  }
}
