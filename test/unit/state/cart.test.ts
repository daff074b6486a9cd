import { expect, it } from "vitest";
import type { Cart } from "../../../durable/state/cart/cart.ts";
import {
  CART_LINES,
  cartValue,
  EMPTY_CART,
  foldCart,
  LINE_QUANTITY,
  mergeCarts,
} from "../../../durable/state/cart/cart.ts";
import type { EventName, ItemLine } from "../../../durable/state/event.ts";
import { eventOf, lineOf, START } from "./arbitrary.ts";

type Step = [EventName, ...ItemLine[]];

function play(...steps: Step[]): Cart {
  return steps.reduce<Cart>(
    (cart, [name, ...items], i) =>
      foldCart(cart, eventOf({ name, items, timestamp: START + i, event_id: `e${i}` })),
    EMPTY_CART,
  );
}

it("adds quantities of one item and keeps the last price heard", () => {
  const cart = play(
    ["add_to_cart", lineOf("lamp", { price: 2_000, quantity: 2 })],
    ["add_to_cart", lineOf("lamp", { price: 1_500 })],
    ["add_to_cart", lineOf("lamp")],
  );
  expect(cart.stage).toBe("active");
  expect(cart.lines).toMatchObject([{ item_id: "lamp", quantity: 4, price: 1_500 }]);
  expect(cart.lines[0]?.added_at).toBe(START);
  expect(cart.changed_at).toBe(START + 2);
  expect(cartValue(cart)).toBe(6_000);
});

it("removes no more than there is", () => {
  const cart = play(
    ["add_to_cart", lineOf("lamp", { quantity: 2 }), lineOf("desk")],
    ["remove_from_cart", lineOf("lamp", { quantity: 5 })],
  );
  expect(cart.lines.map((line) => line.item_id)).toEqual(["desk"]);
  expect(play(["add_to_cart", lineOf("lamp")], ["remove_from_cart", lineOf("lamp")])).toEqual({
    stage: "empty",
    lines: [],
    changed_at: START + 1,
  });
});

it("does not change for the removal of what is not in it", () => {
  expect(play(["remove_from_cart", lineOf("lamp")])).toBe(EMPTY_CART);
  expect(play(["add_to_cart", lineOf("desk")], ["remove_from_cart", lineOf("lamp")])).toMatchObject(
    { stage: "active", changed_at: START },
  );
});

it("goes through the stages to the purchase", () => {
  const stages = (["view_cart", "begin_checkout", "purchase"] as const).map(
    (name) => play(["add_to_cart", lineOf("lamp")], [name, lineOf("lamp")]).stage,
  );
  expect(stages).toEqual(["viewing", "checkout", "purchased"]);
  expect(play(["view_cart"]).stage).toBe("empty");
});

it("keeps what was not bought", () => {
  const cart = play(
    ["add_to_cart", lineOf("lamp", { quantity: 3 }), lineOf("desk")],
    ["purchase", lineOf("lamp"), lineOf("never added")],
  );
  expect(cart).toMatchObject({ stage: "active", lines: [{ item_id: "desk" }] });
});

it("holds what a checkout past the cart says", () => {
  const cart = play(["begin_checkout", lineOf("lamp", { price: 900 })]);
  expect(cart).toMatchObject({ stage: "checkout", lines: [{ item_id: "lamp", price: 900 }] });
});

it("is bounded in lines and in quantity", () => {
  const many = Array.from({ length: CART_LINES + 1 }, (_, i) => lineOf(`item ${i}`));
  const cart = play(["add_to_cart", ...many]);
  expect(cart.lines).toHaveLength(CART_LINES);
  expect(cart.lines[0]?.item_id).toBe("item 1");
  const heap = lineOf("lamp", { quantity: LINE_QUANTITY });
  expect(play(["add_to_cart", heap, heap]).lines).toMatchObject([{ quantity: LINE_QUANTITY }]);
});

it("merges two carts at the stage of the later one", () => {
  const phone = play(["add_to_cart", lineOf("lamp", { price: 900 }), lineOf("desk")]);
  const laptop = play(["add_to_cart", lineOf("lamp")], ["view_cart"]);
  const cart = mergeCarts(phone, laptop);
  expect(cart).toEqual(mergeCarts(laptop, phone));
  expect(cart).toMatchObject({
    stage: "viewing",
    lines: [
      { item_id: "lamp", quantity: 2, price: 900 },
      { item_id: "desk", quantity: 1 },
    ],
  });
});

it("is active again when a cart that was paid meets one that was not", () => {
  const paid = play(["add_to_cart", lineOf("desk")], ["purchase", lineOf("desk")]);
  const open = play(["add_to_cart", lineOf("lamp")]);
  expect(mergeCarts(open, paid)).toMatchObject({ stage: "active", lines: [{ item_id: "lamp" }] });
});

it("holds variants of one item apart, each at its price", () => {
  const red = lineOf("shirt", { variant: "red", price: 1_000 });
  const blue = lineOf("shirt", { variant: "blue", price: 1_500 });
  const cart = play(["add_to_cart", red], ["add_to_cart", blue]);
  expect(cartValue(cart)).toBe(2_500);
  expect(foldCart(cart, eventOf({ name: "remove_from_cart", items: [red] })).lines).toMatchObject([
    { variant: "blue" },
  ]);
  expect(foldCart(cart, eventOf({ name: "purchase", items: [lineOf("shirt")] }))).toMatchObject({
    stage: "purchased",
    lines: [],
  });
});

it("becomes what is shown of it as a whole", () => {
  const before = play(["add_to_cart", lineOf("lamp", { price: 900 }), lineOf("desk")]);
  for (const name of ["view_cart", "begin_checkout"] as const) {
    const items = [lineOf("lamp", { quantity: 2 }), lineOf("chair")];
    const shown = foldCart(before, eventOf({ name, items, timestamp: START + 5 }));
    expect(shown.lines).toMatchObject([
      { item_id: "lamp", quantity: 2, price: 900, added_at: START },
      { item_id: "chair", quantity: 1, added_at: START + 5 },
    ]);
    expect(foldCart(before, eventOf({ name })).lines).toEqual(before.lines);
  }
});

it("loses the whole line where a removal names no quantity", () => {
  const cart = play(
    ["add_to_cart", lineOf("lamp", { quantity: 3 }), lineOf("desk", { quantity: 3 })],
    ["remove_from_cart", lineOf("lamp", { quantity: null }), lineOf("desk")],
  );
  expect(cart.lines).toMatchObject([{ item_id: "desk", quantity: 2 }]);
});

it("is closed by an order that names variants otherwise", () => {
  const medium = lineOf("shirt-m", { group_id: "shirt" });
  const ordered = (line: ItemLine, from: EventName = "add_to_cart") =>
    play([from, medium], ["purchase", line]).stage;
  expect(ordered(lineOf("shirt-m", { variant: "M" }))).toBe("purchased");
  expect(ordered(lineOf("4711", { group_id: "shirt" }))).toBe("purchased");
  expect(ordered(lineOf("shirt"))).toBe("purchased");
  expect(ordered(lineOf("4711"))).toBe("active");
  expect(ordered(lineOf("4711"), "begin_checkout")).toBe("purchased");
});

it("weighs goods", () => {
  const cart = play(
    ["add_to_cart", lineOf("ham", { price: 1_990, quantity: 0.1 })],
    ["add_to_cart", lineOf("ham", { quantity: 0.2 })],
    ["remove_from_cart", lineOf("ham", { quantity: 0.05 })],
  );
  expect(cart.lines).toMatchObject([{ quantity: 0.25 }]);
  expect(cartValue(cart)).toBe(498);
});
