// Goods from the shop's word to the buyer's list, over HTTP, with the real queue and database.
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { foldStock, type Movement, type MovementKind } from "../../durable/state/ledger.ts";
import { writeMoves } from "../../src/catalog/stock-moves.ts";
import { Random } from "../../src/lab/simulate/random.ts";
import { housekeeping } from "../../src/batch/housekeeping.ts";
import { rollUp } from "../../src/batch/roll-up/roll-up.ts";
import { call, makeEvent, openShop, putItems, sendAll } from "./support/shop.ts";
import { finish } from "./support/log.ts";

beforeAll(openShop);

const at = (ms: number) => new Date(ms).toISOString();
const SOON = { timeout: 10_000 };

async function ledgerOf(item_id: string) {
  return await (
    await call("GET", `/v1/supply/items/${item_id}/ledger`)
  ).json<{
    on_hand: number | null;
    on_order: number;
    promised: number;
    position: number | null;
    movements: { kind: string; trusted: boolean }[];
  }>();
}

const stockOf = async (item_id: string) =>
  (await (await call("GET", `/v1/items/${item_id}`)).json<{ stock: number | null }>()).stock;

const send = (method: string, path: string, body: object, key = "sk_test") =>
  call(method, path, JSON.stringify(body), key, { "content-type": "application/json" });

async function post(path: string, body: object, status = 200) {
  const response = await send("POST", path, body);
  expect(response.status).toBe(status);
  return response;
}

const setStock = (item_id: string, stock: number) =>
  send("PUT", "/v1/stock", { items: [{ item_id, stock }] });

function order(transaction_id: string, item_id: string, quantity: number, more: object = {}) {
  const items = [{ item_id, price: 10, quantity }];
  return makeEvent("purchase", `buyer-of-${transaction_id}`, [], {
    timestamp: at(Date.now()),
    transaction_id,
    items,
    ...more,
  });
}

describe("the stock", () => {
  it("falls with an order within seconds, once however often it is told, and rises when it is called off", async () => {
    await putItems([{ item_id: "lamp", price: 10 }]);
    await setStock("lamp", 12);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const bought = order("t1", "lamp", 3);
    await sendAll([bought]);
    await vi.waitFor(async () => expect(await stockOf("lamp")).toBe(9), SOON);
    await sendAll([{ ...bought, event_id: "told-again" }]);
    await sendAll([order("t2", "lamp", 2)]);
    await vi.waitFor(async () => expect(await stockOf("lamp")).toBe(7), SOON);
    const { event_id: _, ...rest } = order("t1", "lamp", 1);
    await sendAll([
      { ...rest, event_id: "off", name: "cancel", items: [], timestamp: at(Date.now()) },
    ]);
    await vi.waitFor(async () => expect(await stockOf("lamp")).toBe(10), SOON);
    expect(await ledgerOf("lamp")).toMatchObject({ on_hand: 10, position: 10, promised: 0 });
  });

  it("falls also with an order of somebody who agreed to nothing, of whom nothing is kept", async () => {
    await putItems([{ item_id: "vase", price: 10 }]);
    await setStock("vase", 5);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const consent = { analytics: false, personalization: false };
    await sendAll([order("secret-order", "vase", 1, { consent })]);
    await vi.waitFor(async () => expect(await stockOf("vase")).toBe(4), SOON);
    const { results } = await env.DB.prepare(
      "select * from stock_moves where item_id = 'vase'",
    ).all();
    expect(JSON.stringify(results)).not.toContain("secret-order");
    expect(
      await env.DB.prepare("select count(*) as n from events where item_id = 'vase'").first("n"),
    ).toBe(0);
  });

  it("is not sold out by whoever has the publishable key", async () => {
    await putItems([{ item_id: "rival", price: 10 }]);
    await setStock("rival", 20);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const events = [order("fake", "rival", 500)];
    await send("POST", "/v1/events", { events }, "pk_test");
    await vi.waitFor(async () => expect(await stockOf("rival")).toBe(1), SOON);
    await send("POST", "/v1/events", { events: [order("true", "rival", 20)] });
    await vi.waitFor(async () => expect(await stockOf("rival")).toBe(0), SOON);
  });

  it("believes the shop of its own order, whatever was claimed of it before or after", async () => {
    await putItems([{ item_id: "sofa", price: 10 }]);
    await setStock("sofa", 20);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const claim = (event_id: string, quantity: number) =>
      sendAll([{ ...order("guessed", "sofa", quantity), event_id, anonymous_id: "attacker" }]);
    await claim("before", 19);
    await vi.waitFor(async () => expect(await stockOf("sofa")).toBe(1), SOON);
    await send("POST", "/v1/events", { events: [order("guessed", "sofa", 2)] });
    await vi.waitFor(async () => expect(await stockOf("sofa")).toBe(18), SOON);
    await claim("after", 500);
    await sendAll([order("another", "sofa", 1)]);
    await vi.waitFor(async () => expect(await stockOf("sofa")).toBe(17), SOON);
  });

  it("counts what suppliers send in parts, and nothing twice", async () => {
    await putItems([{ item_id: "rope", price: 10 }]);
    await setStock("rope", 2);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const placed = { purchase_order_id: "po-7", lines: [{ item_id: "rope", quantity: 10 }] };
    await post("/v1/supply/orders", placed);
    await post("/v1/supply/orders", placed);
    expect(await ledgerOf("rope")).toMatchObject({ on_hand: 2, on_order: 10, position: 12 });
    const receipt = { receipt_id: "r1", lines: [{ item_id: "rope", quantity: 4 }] };
    await post("/v1/supply/orders/po-7/receipts", receipt);
    await post("/v1/supply/orders/po-7/receipts", receipt);
    expect(await ledgerOf("rope")).toMatchObject({ on_hand: 6, on_order: 6, position: 12 });
    await post("/v1/supply/orders/po-7/cancel", {});
    await post("/v1/supply/orders/po-7/cancel", {});
    expect(await ledgerOf("rope")).toMatchObject({ on_hand: 6, on_order: 0, position: 6 });
    await post("/v1/supply/orders/po-8/receipts", receipt, 404);
    await post("/v1/supply/orders", { ...placed, supplier_id: "other" }, 409);
    const more = [{ item_id: "rope", quantity: 11 }];
    await post("/v1/supply/orders", { ...placed, lines: more }, 409);
    await post("/v1/supply/orders/po-7/receipts", { ...receipt, lines: more }, 409);
    const tomorrow = at(Date.now() + 86_400_000);
    const early = { ...receipt, receipt_id: "r2", received_at: tomorrow };
    await post("/v1/supply/orders/po-7/receipts", early, 400);
    expect(await ledgerOf("rope")).toMatchObject({ on_hand: 6, on_order: 0 });
    const wrong = { movement_id: "count", item_id: "rope", kind: "correction", quantity: -7 };
    await post("/v1/supply/movements", wrong);
    await post("/v1/supply/movements", wrong);
    await post("/v1/supply/movements", { ...wrong, quantity: -1 }, 409);
    await post("/v1/supply/movements", { ...wrong, item_id: "lamp" }, 409);
    expect(await ledgerOf("rope")).toMatchObject({ on_hand: -1, promised: 1, position: -1 });
  });

  it("is what a plain count says of random movements in random order, told again and again", async () => {
    const random = new Random(11);
    const pick = <T>(list: readonly T[], otherwise: T): T =>
      list[Math.floor(random.next() * list.length)] ?? otherwise;
    const kinds: MovementKind[] = ["sale", "return", "correction", "po_placed", "po_received"];
    const told = { level: 30, at: 1_000 };
    await env.DB.exec(
      "insert into items (item_id, created_at, deleted, changed, stock, stock_told, stock_at) " +
        "values ('random', 0, 0, 900, 30, 30, 1000)",
    );
    const moves = Array.from({ length: 80 }, (_, index): Movement => {
      const kind = pick(kinds, "sale");
      return {
        key: `random-${index}`,
        item_id: "random",
        kind,
        quantity:
          kind === "correction"
            ? Math.floor(random.next() * 9) - 4
            : 1 + Math.floor(random.next() * 5),
        at: 500 + Math.floor(random.next() * 1500),
        trusted: random.next() < 0.7,
        order: kind.startsWith("po_") ? pick(["po:a", "po:b"], "po:a") : null,
      };
    });
    for (let batch = 0; batch < 30; batch++) {
      const start = Math.floor(random.next() * moves.length);
      await writeMoves(env.DB, moves.slice(start, start + 6));
    }
    await writeMoves(env.DB, moves.toReversed());
    const { on_hand } = foldStock(told, moves);
    expect(await stockOf("random")).toBe(on_hand);
    expect(await ledgerOf("random")).toMatchObject(foldStock(told, moves));
  });
});

it("forgets what moved half a year ago, unless it still counts or is a supplier's", async () => {
  const now = Date.now();
  const old = now - 200 * 86_400_000;
  const item = (item_id: string, stock_at: number) =>
    env.DB.prepare(
      "insert into items (item_id, created_at, deleted, changed, stock, stock_told, stock_at) values (?, 0, 0, 1, 9, 9, ?)",
    )
      .bind(item_id, stock_at)
      .run();
  await item("counted", now);
  await item("uncounted", old - 1);
  const move = (item_id: string, kind: MovementKind): Movement => ({
    key: `old-${kind}-${item_id}`,
    item_id,
    kind,
    quantity: 1,
    at: old,
    trusted: true,
    order: null,
  });
  await finish(housekeeping, now);
  await writeMoves(env.DB, [
    move("counted", "sale"),
    move("counted", "po_received"),
    move("uncounted", "sale"),
    move("unknown", "sale"),
  ]);
  expect((await finish(housekeeping, now)).counts).toMatchObject({ stock_moves: 2 });
  const { results } = await env.DB.prepare(
    "select key from stock_moves where key like 'old-%' order by key",
  ).all();
  expect(results).toEqual([{ key: "old-po_received-counted" }, { key: "old-sale-uncounted" }]);
});

describe("the buyer's list", () => {
  it("says what to order, why, and once somebody has decided no more", async () => {
    await putItems([
      { item_id: "tent", price: 100, title: "Tent" },
      { item_id: "old", price: 5, created_at: "2020-01-01T00:00:00Z" },
      { item_id: "new", price: 5 },
    ]);
    await send("PUT", "/v1/suppliers", {
      suppliers: [{ supplier_id: "north", lead_time_days: 9 }],
    });
    const terms = { item_id: "tent", supplier_id: "north", pack_size: 6, unit_cost: 40 };
    await send("PUT", "/v1/supply/items", { items: [terms] });
    const day = 86_400_000;
    const past = Array.from({ length: 40 }, (_, index) =>
      order(`past-${index}`, "tent", 2, { timestamp: at(Date.now() - (index + 1) * day) }),
    );
    await send("POST", "/v1/backfill", { events: past });
    await vi.waitFor(
      async () =>
        expect(
          await env.DB.prepare("select count(*) as n from events where item_id = 'tent'").first(
            "n",
          ),
        ).toBe(40),
      SOON,
    );
    await finish(rollUp, Date.now());
    await setStock("tent", 3);
    await setStock("old", 4);
    await setStock("new", 4);
    const list = async (query = "") =>
      await (
        await call("GET", `/v1/supply/reorder${query}`)
      ).json<{
        suggestions: Record<string, unknown>[];
      }>();
    const [first] = (await list()).suggestions;
    expect(first).toMatchObject({
      item_id: "tent",
      state: "critical",
      supplier_id: "north",
      abc: "A",
    });
    expect(Number(first?.["quantity"]) % 6).toBe(0);
    expect(first?.["cost"]).toBe(Number(first?.["quantity"]) * 40);
    expect(Number(first?.["demand_per_day"])).toBeGreaterThan(1);
    expect(first?.["why"]).toContain("takes 9 days");
    const csv = await (await call("GET", "/v1/supply/reorder?format=csv")).text();
    expect(csv.split("\r\n")[1]).toMatch(/^north,tent,Tent,critical,open,\d+,\d{4}-\d\d-\d\d,/);
    const states = (await list("?state=all")).suggestions.map(({ item_id, state }) => [
      item_id,
      state,
    ]);
    expect(Object.fromEntries(states)).toMatchObject({ old: "dead", new: "good" });
    await post("/v1/supply/reorder/tent", { state: "snoozed" });
    expect((await list()).suggestions.map(({ item_id }) => item_id)).not.toContain("tent");
    await post("/v1/supply/reorder/tent", { state: "snoozed", until: at(Date.now() - 1) });
    expect((await list()).suggestions.map(({ item_id }) => item_id)).toContain("tent");
    const lines = [{ item_id: "tent", quantity: 600 }];
    await post("/v1/supply/orders", { purchase_order_id: "po-9", supplier_id: "north", lines });
    expect((await list()).suggestions.map(({ item_id }) => item_id)).not.toContain("tent");
  });
});
