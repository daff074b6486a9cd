// What orders do to the stock. Goods move whatever a shopper agreed to, so they are told without the shopper, and of the
// order's id by a hash alone. What is logged is told a second time by the log, for the queue may
// lose a message of goods; both have the same key.
import type { ShopEvent } from "../../../durable/state/event.ts";
import { piecesOf } from "../../../durable/state/event.ts";
import type { Movement } from "../../../durable/state/ledger.ts";
import { MOVES_KEPT, writeMoves } from "../../catalog/stock-moves.ts";
import type { OrderGoods, QueueMessage } from "../message.ts";

/** Bytes of the hash that are kept. */
const HASH_BYTES = 16;

/** Null for an event that moves no goods. */
export async function toGoods(event: ShopEvent, trusted: boolean): Promise<OrderGoods | null> {
  const { name, timestamp, transaction_id, event_id } = event;
  if (name !== "purchase" && !(name === "cancel" && transaction_id !== null)) return null;
  const order = await hash(
    transaction_id === null ? `event:${event_id}` : `order:${transaction_id}`,
  );
  const items = event.items.map(({ item_id, variant, quantity }) => ({
    item_id,
    variant,
    quantity,
  }));
  return { name, order, timestamp, trusted, items };
}

/** Takes what these messages say of goods. May be repeated. @param now ms */
export async function takeGoods(
  database: D1Database,
  messages: readonly QueueMessage[],
  now: number,
): Promise<void> {
  const logged = messages.flatMap((message) => (message.kind === "events" ? message.entries : []));
  const told = await Promise.all(logged.map(({ event }) => toGoods(event, false)));
  const goods = [
    ...told.filter((each) => each !== null),
    ...messages.flatMap((message) => (message.kind === "goods" ? message.rows : [])),
  ].filter(({ timestamp }) => timestamp >= now - MOVES_KEPT);
  const calledOff = goods
    .filter(({ name }) => name === "cancel")
    .map(({ order, timestamp: at, trusted }) => ({ order, at, trusted }));
  await writeMoves(database, goods.flatMap(toSales), calledOff);
}

function toSales({ name, order, timestamp, trusted, items }: OrderGoods): Movement[] {
  if (name !== "purchase") return [];
  const sales = new Map<string, Movement>();
  for (const { item_id, variant, quantity } of items) {
    const key = JSON.stringify(["sale", order, item_id, variant]);
    const before = sales.get(key)?.quantity ?? 0;
    sales.set(key, {
      key,
      item_id,
      kind: "sale",
      quantity: before + piecesOf({ quantity }),
      at: timestamp,
      trusted,
      order,
    });
  }
  return [...sales.values()];
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const bytes = new Uint8Array(digest).subarray(0, HASH_BYTES);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
