// The catalogue's routes in real workerd.
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { call, openShop, putItems } from "./support/shop.ts";

beforeAll(openShop);

/** The report of an import of NDJSON in which nothing was wrong. */
const taken = (accepted: number) => ({
  form: "ndjson",
  accepted,
  rejected: 0,
  complete: true,
  errors: [],
  notes: [],
});

it("keeps an item with everything that was said of it", async () => {
  const line = {
    item_id: "boots/1 👟",
    title: "Hiking boots",
    category: "shoes.boots",
    brand: "Alpina",
    price: 99.95,
    stock: 3,
    attributes: { size: "42", tags: ["warm", "dry"] },
    image_url: "https://shop.example/1.jpg",
    url: "/p/1",
    created_at: "2026-01-02T03:04:05.000Z",
    item_group_id: "boots",
    description: "Warm and dry.",
    categories: ["winter", "sale"],
    gtin: "4006381333931",
    sale_price: 79.95,
    cost: 41.5,
    availability: "in_stock",
    hidden: false,
  };
  expect(await putItems([line])).toEqual(taken(1));
  const path = `/v1/items/${encodeURIComponent(line.item_id)}`;
  const read = await (await call("GET", path)).json();
  expect(read).toEqual({ ...line, currency: "EUR" });
});

it("changes only the fields that a line names, and clears those that are null", async () => {
  await putItems([{ item_id: "a", title: "A", brand: "B", price: 1, stock: 5 }]);
  await putItems([
    { item_id: "a", price: 2 },
    { item_id: "a", brand: null },
  ]);
  expect(await (await call("GET", "/v1/items/a")).json()).toMatchObject({
    title: "A",
    brand: null,
    price: 2,
    stock: 5,
  });
});

it("understands GA4's names and foreign currencies", async () => {
  const line = { item_id: "ga4", item_name: "N", item_category: "C", item_brand: "B" };
  await putItems([{ ...line, price: 10, currency: "USD" }]);
  expect(await (await call("GET", "/v1/items/ga4")).json()).toMatchObject({
    title: "N",
    category: "C",
    brand: "B",
    price: 9.2,
  });
});

it("refuses lines without a readable id alone, and says which and why", async () => {
  const lines = [
    JSON.stringify({ item_id: "good-1" }),
    "{",
    JSON.stringify({ title: "no id" }),
    "",
    JSON.stringify({ item_id: "x".repeat(300) }),
    JSON.stringify({ item_id: "a\u0000b" }),
    JSON.stringify({ item_id: "long", title: "x".repeat(70_000) }),
    '{"item_id": "proto", "__proto__": {"price": 1}, "attributes": {"constructor": "c"}}',
    JSON.stringify({ item_id: "good-2" }),
  ];
  const report = await (
    await call("PUT", "/v1/items", lines.join("\n"))
  ).json<{
    accepted: number;
    errors: { line: number; code: string }[];
  }>();
  expect(report.accepted).toBe(3);
  expect(report.errors.map(({ line, code }) => `${line} ${code}`)).toEqual([
    "2 invalid_json",
    "3 invalid_item",
    "5 invalid_item",
    "6 invalid_item",
    "7 line_too_long",
  ]);
  expect(await (await call("GET", "/v1/items/proto")).json()).toMatchObject({ price: null });
});

it("leaves out what cannot be read of a line, and names it and what it does not know", async () => {
  const good = { title: "T", price: 5, url: "/p/1", stock: 3 };
  await putItems([{ item_id: "loose", ...good }]);
  const report = await putItems([
    { item_id: "loose", price: -1, url: "javascript:alert(1)", stock: "many", colour: "red" },
    { item_id: "loose", price: 1, currency: "XXX", shipping: 3, availability: "perhaps" },
  ]);
  expect(report).toMatchObject({
    accepted: 2,
    errors: [],
    notes: [
      { field: "url", code: "left_out", lines: 1, first_line: 1 },
      { field: "price", code: "left_out", lines: 1, first_line: 1 },
      { field: "stock", code: "left_out", lines: 1, first_line: 1 },
      { field: "shipping", code: "unknown_field", lines: 1, first_line: 2 },
      { field: "price", code: "unsupported_currency", lines: 1, first_line: 2 },
      { field: "availability", code: "left_out", lines: 1, first_line: 2 },
    ],
  });
  const read = await (await call("GET", "/v1/items/loose")).json();
  expect(read).toMatchObject({ ...good, attributes: { color: "red" } });
});

it("takes numbers as ids, text as numbers, fractions of goods, and a negative stock as sold out", async () => {
  const body = [
    '{"item_id": 39910, "price": "1,234.50", "stock": "7"}',
    '{"item_id": 12345678901234567890, "price": "12.00 USD", "stock": 2.5}',
    '{"item_id": "OVER", "stock": -3}',
  ].join("\n");
  expect(await (await call("PUT", "/v1/items", body)).json()).toEqual(taken(3));
  const read = async (id: string) => await (await call("GET", `/v1/items/${id}`)).json();
  expect(await read("39910")).toMatchObject({ price: 1234.5, stock: 7 });
  expect(await read("12345678901234567890")).toMatchObject({ price: 11.04, stock: 2.5 });
  expect(await read("OVER")).toMatchObject({ stock: 0 });
});

it("takes 50,000 items in one go, cut anywhere, and writes nothing when they come again", async () => {
  const count = 50_000;
  const text = Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      item_id: `bulk-${i}`,
      title: `Item ${i} é`,
      category: `c${i % 50}`,
      price: i,
    }),
  ).join("\n");
  const bytes = new TextEncoder().encode(text);
  const stream = () => {
    let at = 0;
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        // An odd size, so that lines and characters are cut in two.
        if (at >= bytes.length) controller.close();
        else controller.enqueue(bytes.slice(at, (at += 65_537)));
      },
    });
  };
  expect(await (await call("PUT", "/v1/items", stream())).json()).toEqual(taken(count));
  const newest = () => env.DB.prepare("select max(changed) as c, count(*) as n from items").first();
  const before = await newest();
  await call("PUT", "/v1/items", stream());
  expect(await newest()).toEqual(before);
});

it("pages through all items without losing or repeating one", async () => {
  const seen: string[] = [];
  let next: string | null = "bulk-4";
  while (next !== null && next < "bulk-5") {
    const path: string = `/v1/items?limit=1000&after=${encodeURIComponent(next)}`;
    const page = await (
      await call("GET", path)
    ).json<{
      items: { item_id: string }[];
      next: string | null;
    }>();
    for (const item of page.items) seen.push(item.item_id);
    ({ next } = page);
  }
  const fours = seen.filter((id) => id.startsWith("bulk-4"));
  expect(fours).toHaveLength(11_110);
  expect(new Set(fours).size).toBe(11_110);
});

it("gives every write a number of its own, also two at the same moment", async () => {
  await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      putItems(Array.from({ length: 20 }, (_, j) => ({ item_id: `w-${i}-${j}` }))),
    ),
  );
  const row = await env.DB.prepare(
    "select count(*) as n, count(distinct changed) as d from items",
  ).first<{ n: number; d: number }>();
  expect(row?.d).toBe(row?.n);
});

it("forgets a deleted item, and starts anew when it comes back", async () => {
  await putItems([{ item_id: "gone", title: "Old", price: 5 }]);
  expect((await call("DELETE", "/v1/items/gone")).status).toBe(204);
  expect((await call("DELETE", "/v1/items/gone")).status).toBe(404);
  expect((await call("GET", "/v1/items/gone")).status).toBe(404);
  await putItems([{ item_id: "gone", price: 7 }]);
  expect(await (await call("GET", "/v1/items/gone")).json()).toMatchObject({
    title: null,
    price: 7,
  });
});

it("sets stock levels and names the ids that it does not know", async () => {
  await putItems([{ item_id: "s1", stock: 1 }, { item_id: "s2" }]);
  const body = JSON.stringify({
    items: [
      { item_id: "s1", stock: 0 },
      { item_id: "s2", stock: null },
      { item_id: "nobody", stock: 3 },
    ],
  });
  const response = await call("PUT", "/v1/stock", body);
  expect(await response.json()).toEqual({ updated: 2, unknown: ["nobody"] });
  expect(await (await call("GET", "/v1/items/s1")).json()).toMatchObject({ stock: 0 });
  const bad = await call("PUT", "/v1/stock", '{"items": [{"item_id": "s1", "stock": "many"}]}');
  expect(bad.status).toBe(400);
  const over = '{"items": [{"item_id": 17, "stock": 1}, {"item_id": "s1", "stock": -1}]}';
  const told = await (await call("PUT", "/v1/stock", over)).json();
  expect(told).toEqual({ updated: 1, unknown: ["17"] });
  expect(await (await call("GET", "/v1/items/s1")).json()).toMatchObject({ stock: 0 });
});

it("keeps the catalogue's routes for secret keys", async () => {
  for (const [method, path] of [
    ["PUT", "/v1/items"],
    ["GET", "/v1/items"],
    ["GET", "/v1/items/a"],
    ["DELETE", "/v1/items/a"],
    ["PUT", "/v1/stock"],
  ] as const) {
    const body = method === "PUT" ? "{}" : undefined;
    expect((await call(method, path, body, "pk_test")).status).toBe(403);
    expect((await call(method, path, body, "wrong")).status).toBe(401);
  }
});
