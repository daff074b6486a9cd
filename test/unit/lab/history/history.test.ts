// A shop's history in the forms that shops have it, read as events: nothing lost in silence, nothing taken for another.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { openHistory, type HistoryOptions } from "../../../../src/lab/history/open-history.ts";
import type { HistoryEvent, HistoryRow } from "../../../../src/lab/history/record.ts";
import { makeFolder } from "../../../support/folder.ts";

const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

function write(content: string | Uint8Array): string {
  const path = join(folder, `history-${++files}`);
  writeFileSync(path, content);
  return path;
}

async function readRows(content: string | Uint8Array, options?: HistoryOptions) {
  const rows: HistoryRow[] = [];
  for await (const row of (await openHistory(write(content), options)).rows()) rows.push(row);
  return rows;
}

async function readEvents(content: string | Uint8Array, options?: HistoryOptions) {
  const rows = await readRows(content, options);
  return rows.flatMap((row): HistoryEvent[] => (row.kind === "event" ? [row.event] : []));
}

const NOON = Date.UTC(2026, 0, 15, 12);

describe("a table", () => {
  it("is read by the names of its columns, with any separator, encoding and form of time", async () => {
    const plain = [
      "user_id,item_id,event_time",
      "u1,10,2026-01-15 12:00:00",
      'u2,"1,1",2026-01-15T13:00:00+01:00',
    ].join("\r\n");
    const wanted = [
      { user_id: "u1", name: "view_item", timestamp: NOON, items: [{ item_id: "10" }] },
      { user_id: "u2", name: "view_item", timestamp: NOON, items: [{ item_id: "1,1" }] },
    ];
    expect(await readEvents(plain)).toMatchObject(wanted);
    expect(await readEvents(gzipSync(`\ufeff${plain}`))).toMatchObject(wanted);
    const wide = Buffer.from(
      `\ufeff${plain.replaceAll(",", "\t").replace('"1\t1"', '"1,1"')}`,
      "utf16le",
    );
    expect(await readEvents(wide)).toMatchObject(wanted);
    expect(await readEvents(plain, { zone: "+02:00" })).toMatchObject([
      { timestamp: NOON - 2 * 3_600_000 },
      { timestamp: NOON },
    ]);
  });

  it("keeps its orders, prices and who is who", async () => {
    const [view, buy, sell] = await readEvents(
      [
        "ts;event_type;visitorid;product_id;price;qty;order_id;category_code;brand",
        "1768478400;view;v1;10;1.234,50;;;shoes.boots;Alpina",
        "1768478400000;transaction;v1;10;12,50;2;T1;;",
        "1768478400000;purchase;v1;10;12,50;2;;;",
      ].join("\n"),
    );
    expect(view).toMatchObject({
      name: "view_item",
      timestamp: NOON,
      anonymous_id: "v1",
      items: [{ item_id: "10", price: 1234.5, item_category: "shoes.boots", item_brand: "Alpina" }],
    });
    expect(buy).toMatchObject({
      name: "purchase",
      transaction_id: "T1",
      items: [{ price: 12.5, quantity: 2 }],
    });
    expect(sell?.transaction_id).toBe(sell?.event_id);
  });

  it("is one order of all rows that stand together, and a return where pieces are negative", async () => {
    const events = await readEvents(
      [
        "Order ID,Customer ID,Order Date,SKU,Qty,Unit Price,Order Total",
        "1,c1,2026-01-15 12:00,A,1,10.00,30.00",
        "1,c1,2026-01-15 12:00,A,1,10.00,30.00",
        "1,c1,2026-01-15 12:00,B,1,10.00,30.00",
        "2,c1,2026-01-16 12:00,A,1,10.00,10.00",
        "1,c1,2026-01-17 12:00,B,-1,10.00,-10.00",
      ].join("\n"),
    );
    expect(events).toMatchObject([
      {
        name: "purchase",
        transaction_id: "1",
        value: 30,
        items: [{ item_id: "A" }, { item_id: "A" }, { item_id: "B" }],
      },
      { name: "purchase", transaction_id: "2", value: 10, items: [{ item_id: "A" }] },
      { name: "refund", transaction_id: "1", value: 10, items: [{ item_id: "B", quantity: 1 }] },
    ]);
  });

  it("tells of each row, or of the whole order, what it came to", async () => {
    const head = "order_id,user_id,created_at,sku,qty,price,revenue";
    const order = (values: readonly string[]) =>
      [head, ...values.map((value, i) => `7,u,2026-01-15,S${i},2,10.00,${value}`)].join("\n");
    expect(await readEvents(order(["20", "20"]))).toMatchObject([{ value: 40 }]);
    expect(await readEvents(order(["44.90", "44.90"]))).toMatchObject([{ value: 44.9 }]);
    expect(await readEvents(order(["44.90", ""]))).toMatchObject([{ value: 44.9 }]);
  });

  it("knows RetailRocket's published header", async () => {
    const events = await readEvents(
      "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,addtocart,355908,\n",
    );
    expect(events).toMatchObject([
      {
        name: "add_to_cart",
        timestamp: 1433221332117,
        anonymous_id: "257597",
        items: [{ item_id: "355908" }],
      },
    ]);
  });

  it("loses one row to a stray quote, and tells its line", async () => {
    const lines = Array.from({ length: 503 }, (_, i) => `u${i},i${i},2026-01-15 12:00:00`);
    lines[1] = 'u1,"i1,2026-01-15 12:00:00';
    const rows = await readRows(["user_id,item_id,event_time", ...lines].join("\n"));
    expect(rows.filter((row) => row.kind === "event")).toHaveLength(502);
    expect(rows.filter((row) => row.kind === "bad")).toMatchObject([{ line: 3 }]);
  });

  it("tells which rows say nothing of when, who or what", async () => {
    const rows = await readRows(
      [
        "user_id,item_id,event_time,event",
        "u1,1,yesterday,view",
        ",1,2026-01-15,view",
        "u1,,2026-01-15,view",
        "u1,1,2026-01-15,dance",
        "u1,1,2026-01-15,wishlist",
        "u1,1",
      ].join("\n"),
    );
    expect(rows.map(({ line, kind }) => `${line} ${kind}`)).toEqual([
      "2 bad",
      "3 bad",
      "4 bad",
      "5 bad",
      "6 none",
      "7 bad",
    ]);
  });

  it("is refused with a sentence where nobody knows its columns, and read as they are mapped", async () => {
    const text = "a,b,c\n2026-01-15,u1,7\n";
    await expect(readEvents(text)).rejects.toThrow(/columns a, b, c.*event_time.*--map/s);
    await expect(readEvents(text, { map: "event_time=z" })).rejects.toThrow(/no column "z"/);
    await expect(readEvents(text, { map: "when=a" })).rejects.toThrow(/fields are event_time/);
    const map = "event_time=a,user_id=b,item_id=c,event=add_to_cart";
    const wanted = [{ name: "add_to_cart", user_id: "u1", items: [{ item_id: "7" }] }];
    expect(await readEvents(text, { map })).toMatchObject(wanted);
    const file = write(JSON.stringify(Object.fromEntries(map.split(",").map((p) => p.split("=")))));
    expect(await readEvents(text, { map: file })).toMatchObject(wanted);
    await expect(readEvents(text, { map: write("[]") })).rejects.toThrow(/JSON object/);
    await expect(readEvents("1,2,2026-01-15\n")).rejects.toThrow(/names no columns/);
  });

  it("gives every row an id of its own, the same on every pass", async () => {
    const text = "user_id,item_id,event_time\nu,1,2026-01-15\nu,1,2026-01-15\n";
    const ids = (await readEvents(text)).map((event) => event.event_id);
    expect(new Set(ids).size).toBe(2);
    expect((await readEvents(text)).map((event) => event.event_id)).toEqual(ids);
  });
});

describe("JSON", () => {
  const message = {
    event_id: "e1",
    name: "view_item",
    timestamp: "2026-01-15T12:00:00Z",
    anonymous_id: "ann",
    items: [{ item_id: 7 }],
  };
  const segment = {
    type: "track",
    event: "Product Viewed",
    messageId: "m1",
    timestamp: "2026-01-15T12:00:00Z",
    userId: "u1",
    properties: { product_id: "8" },
  };

  it("of messages that the Worker understands is sent as it stands", async () => {
    const text = [message, segment, { item: { item_id: "x" } }, { event: message }];
    const rows = await readRows(text.map((each) => JSON.stringify(each)).join("\n"));
    expect(rows).toMatchObject([
      { kind: "event", line: 1, sent: message, event: { timestamp: NOON } },
      { kind: "event", line: 2, sent: segment, event: { name: "view_item", user_id: "u1" } },
      { kind: "event", line: 4, sent: message },
    ]);
    const array = await readRows(JSON.stringify([message, segment]));
    expect(array).toHaveLength(2);
  });

  it("of flat objects is mapped as a table is", async () => {
    const text = '{"userId": 1, "itemId": 12345678901234567890, "ts": 1768478400}\n{broken';
    expect(await readRows(text)).toMatchObject([
      {
        kind: "event",
        event: { user_id: "1", items: [{ item_id: "12345678901234567890" }], timestamp: NOON },
      },
      { kind: "bad", line: 2 },
    ]);
  });

  it("of GA4's export to BigQuery has its parameters in a list", async () => {
    const row = {
      event_date: "20260115",
      event_timestamp: String(NOON * 1000),
      event_name: "purchase",
      event_params: [
        { key: "ga_session_id", value: { string_value: null, int_value: "17" } },
        { key: "transaction_id", value: { string_value: "T9" } },
        { key: "value", value: { double_value: 25.5 } },
        { key: "currency", value: { string_value: "EUR" } },
      ],
      user_pseudo_id: "123.456",
      user_id: null,
      items: [{ item_id: "A", price: 12.75, quantity: "2", item_brand: "(not set)" }],
    };
    const rows = await readRows(
      [row, { ...row, event_name: "page_view" }].map((each) => JSON.stringify(each)).join("\n"),
    );
    expect(rows).toMatchObject([
      {
        kind: "event",
        event: {
          name: "purchase",
          timestamp: NOON,
          anonymous_id: "123.456",
          session_id: "123.456.17",
          transaction_id: "T9",
          value: 25.5,
          currency: "EUR",
          items: [{ item_id: "A", price: 12.75, quantity: 2 }],
        },
      },
      { kind: "none", line: 2 },
    ]);
    const event = rows[0]?.kind === "event" ? rows[0].event : null;
    expect(event?.items?.[0]).not.toHaveProperty("item_brand");
  });
});

it("Shopify's order export is one order however many rows it has", async () => {
  const events = await readEvents(
    [
      "Name,Email,Currency,Total,Discount Code,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at,Refunded Amount,Vendor,Id",
      "#1001,Ann@Shop.Example,EUR,45.00,SAVE,2026-01-15 13:00:00 +0100,2,Boot,20.00,B-1,,5.00,Alpina,998",
      "#1001,Ann@Shop.Example,,,,,1,Sock,5.00,,,,,",
      "#1002,,EUR,5.00,,2026-01-15 13:00:00 +0100,1,Sock,5.00,S-1,2026-01-16 13:00:00 +0100,5.00,,999",
    ].join("\n"),
  );
  expect(events).toMatchObject([
    {
      name: "purchase",
      transaction_id: "998",
      user_id: "ann@shop.example",
      timestamp: NOON,
      value: 45,
      coupon: "SAVE",
      items: [
        { item_id: "B-1", price: 20, quantity: 2, item_brand: "Alpina" },
        { item_id: "Sock", price: 5, quantity: 1 },
      ],
    },
    { name: "refund", transaction_id: "998", value: 5 },
    { name: "purchase", transaction_id: "999", anonymous_id: "order-999" },
    { name: "cancel", transaction_id: "999" },
  ]);
});
