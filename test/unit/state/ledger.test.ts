// The goods of one item: sums that no order of arrival changes.
import { expect, it } from "vitest";
import { foldStock, type Movement } from "../../../durable/state/ledger.ts";

let serial = 0;
const move = (
  kind: Movement["kind"],
  quantity: number,
  more: Partial<Movement> = {},
): Movement => ({
  key: String(serial++),
  item_id: "lamp",
  kind,
  quantity,
  at: 10,
  trusted: true,
  order: null,
  ...more,
});
const TOLD = { level: 10, at: 5 };

it("counts what moved since the shop counted, and nothing before", () => {
  const before = move("sale", 4, { at: 5 });
  expect(foldStock(TOLD, [move("sale", 3), before])).toEqual({
    on_hand: 7,
    on_order: 0,
    promised: 0,
    position: 7,
  });
  expect(
    foldStock(TOLD, [move("sale", 3), move("cancelled_sale", 3), move("return", 1)]),
  ).toMatchObject({
    on_hand: 11,
  });
});

it("says nothing of what is there where the shop never did", () => {
  const placed = move("po_placed", 6, { order: "po:a" });
  expect(foldStock(null, [move("sale", 3), placed])).toEqual({
    on_hand: null,
    on_order: 6,
    promised: 0,
    position: null,
  });
});

it("expects of each order what has not come, and never less than nothing", () => {
  const moves = [
    move("po_placed", 10, { order: "po:a", at: 1 }),
    move("po_received", 4, { order: "po:a" }),
    move("po_placed", 5, { order: "po:b", at: 1 }),
    move("po_received", 8, { order: "po:b" }),
  ];
  expect(foldStock(TOLD, moves)).toEqual({ on_hand: 22, on_order: 6, promised: 0, position: 28 });
  expect(foldStock(TOLD, moves.toReversed())).toEqual(foldStock(TOLD, moves));
});

it("promises what was sold and is not there", () => {
  expect(foldStock(TOLD, [move("sale", 13)])).toMatchObject({
    on_hand: -3,
    promised: 3,
    position: -3,
  });
});

it("does not sell the last piece on the word of somebody without the shop's key", () => {
  const claimed = move("sale", 500, { trusted: false });
  expect(foldStock(TOLD, [claimed])).toMatchObject({ on_hand: 1 });
  expect(foldStock(TOLD, [claimed, move("sale", 10)])).toMatchObject({ on_hand: 0 });
  expect(foldStock(TOLD, [move("sale", 2, { trusted: false })])).toMatchObject({ on_hand: 8 });
  const calledOff = move("cancelled_sale", 4, { trusted: false });
  expect(foldStock(TOLD, [move("sale", 4), calledOff])).toMatchObject({ on_hand: 6 });
});
