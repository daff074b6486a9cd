// The orders of a log as sets of items, in the order in which they were placed, and what the catalogue says of the items.
import * as z from "zod";
import { openLog } from "../open-log.ts";

/** `items`: distinct, as numbers. */
export type Basket = { at: number; items: number[] };

export type Baskets = {
  orders: Basket[];
  /** By number of the item. */
  ids: string[];
  texts: string[];
};

const Line = z.object({ item_id: z.string(), item_name: z.string().optional() });

export async function readBaskets(source: string, path: string): Promise<Baskets> {
  const log = openLog(source, path);
  const numbers = new Map<string, number>();
  const numberOf = (id: string) => {
    const number = numbers.get(id) ?? numbers.size;
    numbers.set(id, number);
    return number;
  };
  // An order may come in parts.
  const orders = new Map<string, { at: number; items: Set<number> }>();
  for await (const { name, event_id, transaction_id, timestamp, items } of log.events()) {
    if (name !== "purchase") continue;
    const id = transaction_id ?? event_id;
    const order = orders.get(id) ?? { at: timestamp, items: new Set() };
    for (const { item_id } of items ?? []) order.items.add(numberOf(item_id));
    orders.set(id, order);
  }
  const texts: string[] = [];
  for (const line of await log.catalogue()) {
    const { item_id, item_name } = Line.parse(line);
    texts[numberOf(item_id)] = item_name ?? "";
  }
  const ids = [...numbers.keys()];
  return {
    orders: [...orders.values()].map(({ at, items }) => ({ at, items: [...items] })),
    ids,
    texts: ids.map((_, index) => texts[index] ?? ""),
  };
}
