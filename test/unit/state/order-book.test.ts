import { expect, it } from "vitest";
import type { ShopEvent } from "../../../durable/state/event.ts";
import { OrderBook } from "../../../durable/state/orders/order-book.ts";
import { eventOf, lineOf } from "./arbitrary.ts";

function tell(shopper: string, fields: Partial<ShopEvent>, linked_from: string | null = null) {
  return {
    shopper,
    linked_from,
    event: eventOf({ name: "purchase", transaction_id: "1", ...fields }),
  };
}

it("hands out each line once, and only what was kept", () => {
  const A = lineOf("A");
  const B = lineOf("B");
  const log = [
    tell("browser", { items: [A, B] }),
    tell("user", { items: [A] }),
    tell("stranger", { items: [A] }),
    tell("user", { name: "identify", items: [] }, "browser"),
    tell("user", { name: "refund", items: [lineOf("B", { quantity: null })] }),
    tell("user", { transaction_id: "2", items: [A] }),
    tell("user", { transaction_id: "2", name: "cancel" }),
    tell("user", { transaction_id: null, items: [A] }),
    tell("user", { name: "view_item", items: [B] }),
  ];
  const book = new OrderBook(log);
  const bought = log.map((entry) => book.linesOf(entry).map(({ item_id }) => item_id));
  expect(bought.filter((_, i) => [0, 1, 2, 5, 7, 8].includes(i))).toEqual([
    ["A"],
    [],
    ["A"],
    [],
    ["A"],
    ["B"],
  ]);
});
