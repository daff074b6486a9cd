// Online Retail's rows: which are sales, which are bookkeeping.
import { describe, expect, it } from "vitest";
import { readInvoices, readProducts } from "../../../../src/lab/sources/invoices.ts";
import { WireEvent } from "../../../../src/ingest/wire.ts";
import { Skips } from "../../../../src/lab/sources/skips.ts";

function row(fields: Record<string, unknown>): Record<string, unknown> {
  return {
    InvoiceNo: "536365",
    StockCode: "85123A",
    Description: "HOLDER",
    Quantity: 6n,
    InvoiceDate: new Date("2010-12-01T08:26:00Z"),
    UnitPrice: 2.55,
    CustomerID: 17850,
    Country: "United Kingdom",
    ...fields,
  };
}

describe("readInvoices", () => {
  it("makes one purchase of an invoice, with its value", () => {
    const rows = [row({}), row({ StockCode: "71053", UnitPrice: 3.39 })];
    const events = readInvoices(rows, new Skips());
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      name: "purchase",
      anonymous_id: "17850",
      transaction_id: "536365",
      value: 35.64,
      currency: "GBP",
      items: [
        { item_id: "85123A", price: 2.55, quantity: 6 },
        { item_id: "71053", price: 3.39, quantity: 6 },
      ],
    });
  });

  it("sends an invoice that is longer than an event may be in parts of one order", () => {
    const rows = Array.from({ length: 450 }, (_, line) => row({ StockCode: `${line}` }));
    const parts = readInvoices(rows, new Skips());
    expect(parts.map((part) => part.items.length)).toEqual([200, 200, 50]);
    expect(new Set(parts.map((part) => part.event_id)).size).toBe(3);
    expect(new Set(parts.map((part) => part.transaction_id))).toEqual(new Set(["536365"]));
    expect(parts.every((part) => WireEvent.safeParse(part).success)).toBe(true);
  });

  it("makes a refund with positive quantities of a cancellation", () => {
    const [refund] = readInvoices([row({ InvoiceNo: "C1", Quantity: -2n })], new Skips());
    expect(refund).toMatchObject({ name: "refund", value: 5.1, items: [{ quantity: 2 }] });
  });

  it("keeps guests apart", () => {
    const rows = ["1", "2"].map((InvoiceNo) => row({ InvoiceNo, CustomerID: null }));
    const shoppers = readInvoices(rows, new Skips()).map((event) => event.anonymous_id);
    expect(new Set(shoppers).size).toBe(2);
  });

  it("counts bookkeeping and bad rows instead of hiding them", () => {
    const skips = new Skips();
    const rows = [
      row({ StockCode: "POST" }),
      row({ Quantity: -10n, UnitPrice: 0, CustomerID: null }),
      row({ InvoiceNo: "A1", StockCode: "B", UnitPrice: -11062.06 }),
      row({ UnitPrice: -1 }),
      row({ InvoiceDate: "no date" }),
      row({}),
    ];
    expect(readInvoices(rows, skips)).toHaveLength(1);
    expect(skips.toRecord()).toEqual({
      "fee, discount or other non-product": 2,
      "stock correction": 1,
      "impossible price or quantity": 1,
      "bad InvoiceDate": 1,
    });
  });

  it("orders by time and derives the same ids again", () => {
    const rows = [row({ InvoiceNo: "2", InvoiceDate: new Date(2e12) }), row({ InvoiceNo: "1" })];
    const ids = () => readInvoices(rows, new Skips()).map((event) => event.event_id);
    expect(readInvoices(rows, new Skips()).map((event) => event.transaction_id)).toEqual([
      "1",
      "2",
    ]);
    expect(ids()).toEqual(ids());
  });
});

it("keeps a product's last description and price", () => {
  const rows = [row({}), row({ UnitPrice: 3, Description: "" })];
  expect(readProducts(rows, new Skips())).toEqual([
    { item_id: "85123A", item_name: "HOLDER", price: 3, currency: "GBP" },
  ]);
});
