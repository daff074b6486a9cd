// The forms of a catalogue that shops have, through `PUT /v1/items` in real workerd.
import { beforeAll, expect, it } from "vitest";
import {
  ask,
  call,
  letPassLongIdle,
  listIds,
  openShop,
  putItems,
  turnTheClock,
} from "./support/shop.ts";

beforeAll(openShop);
turnTheClock();

type Report = {
  form: string;
  accepted: number;
  rejected: number;
  complete: boolean;
  errors: { line: number; code: string; message: string }[];
  notes: { field: string; code: string }[];
};

async function put(body: BodyInit, type = "application/octet-stream"): Promise<Report> {
  const response = await call("PUT", "/v1/items", body, "sk_test", { "content-type": type });
  expect(response.status).toBe(200);
  return await response.json<Report>();
}

async function readItem(id: string): Promise<unknown> {
  return await (await call("GET", `/v1/items/${encodeURIComponent(id)}`)).json();
}

const RSS = `<?xml version="1.0"?>
<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel>
<title>Shop</title>
<item>
  <g:id>R1</g:id><title><![CDATA[Boots & "more"]]></title>
  <link>https://shop.example/r1?a=1&b=2</link>
  <description>&lt;p&gt;Warm&nbsp;boots&lt;/p&gt;</description>
  <g:price>99.95 USD</g:price><g:sale_price>89.95 USD</g:sale_price>
  <g:availability>in stock</g:availability><g:brand>Alpina</g:brand>
  <g:product_type>Shoes&gt;Boots</g:product_type><g:product_type>Winter</g:product_type>
  <g:item_group_id>R</g:item_group_id><g:color>red</g:color>
  <g:shipping><g:country>DE</g:country><g:price>5 EUR</g:price></g:shipping>
  <g:product_detail><g:attribute_name>Sole</g:attribute_name><g:attribute_value>gum</g:attribute_value></g:product_detail>
</item>
<item><g:id>R2</g:id><title>Gone</title><g:price>10 EUR</g:price><g:availability>out of stock</g:availability></item>
</channel></rss>`;

it("reads Google's RSS", async () => {
  const report = await put(RSS, "application/xml");
  expect(report).toMatchObject({ form: "xml", accepted: 2, rejected: 0, complete: true });
  expect(report.notes).toEqual([
    { field: "shipping", code: "unknown_field", lines: 1, first_line: 4 },
  ]);
  expect(await readItem("R1")).toMatchObject({
    title: 'Boots & "more"',
    url: "https://shop.example/r1?a=1&b=2",
    description: expect.stringMatching(/^Warm.boots$/),
    price: 91.95,
    sale_price: 82.75,
    availability: "in_stock",
    brand: "Alpina",
    category: "Shoes > Boots",
    categories: ["Winter"],
    item_group_id: "R",
    attributes: { Sole: "gum", color: "red" },
  });
  expect(await readItem("R2")).toMatchObject({ availability: "out_of_stock" });
});

it("reads Atom, in the encoding that it names", async () => {
  const text = `<?xml version="1.0" encoding="ISO-8859-1"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:x="http://base.google.com/ns/1.0">
<link rel="self" href="https://shop.example/feed"/>
<entry><id>tag:1</id><x:id>A1</x:id><title>Caf\u00e9</title><link href="https://shop.example/a1"/><x:price>3 EUR</x:price></entry>
</feed>`;
  const bytes = Uint8Array.from(text, (sign) => sign.charCodeAt(0));
  expect(await put(bytes)).toMatchObject({ form: "xml", accepted: 1, complete: true });
  expect(await readItem("A1")).toMatchObject({
    title: "Caf\u00e9",
    url: "https://shop.example/a1",
  });
});

it("keeps what it read of a feed that breaks off or is broken, and says where", async () => {
  const half = await put(RSS.slice(0, RSS.indexOf("<title>Gone")));
  expect(half).toMatchObject({ accepted: 1, complete: false });
  expect(half.errors).toMatchObject([{ code: "broken_feed", line: 15 }]);
  const wrong = await put(RSS.replace("</g:brand>", "</g:band>"));
  expect(wrong).toMatchObject({ accepted: 0, complete: false });
  expect(wrong.errors).toMatchObject([{ code: "broken_feed", line: 9 }]);
  const page = await put("<!DOCTYPE html><html><body>Please log in</body></html>");
  expect(page).toMatchObject({ accepted: 0, complete: false });
  const list = await put('[{"item_id": "J0"}, {"item_id": ');
  expect(list).toMatchObject({ form: "json", accepted: 1, complete: false });
});

it("reads Google's table, zipped or in UTF-16", async () => {
  const table = [
    "id\ttitle\timage link\tprice\tavailability\tgtin\tstrange",
    'T1\tTV 32" flat\thttps://shop.example/t1.jpg\t1,299.00 EUR\tpreorder\t4006381333931\tx',
    "T2\tShort row",
    "\tno id\t\t\t\t\t",
  ].join("\r\n");
  const zipped = new Blob([table]).stream().pipeThrough(new CompressionStream("gzip"));
  const report = await put(await new Response(zipped).arrayBuffer());
  expect(report).toMatchObject({ form: "table", accepted: 1, rejected: 2, complete: true });
  expect(report.errors.map(({ line, code }) => `${line} ${code}`)).toEqual([
    "3 invalid_row",
    "4 invalid_item",
  ]);
  expect(report.notes.map(({ field }) => field)).toEqual(["strange"]);
  expect(await readItem("T1")).toMatchObject({
    title: 'TV 32" flat',
    image_url: "https://shop.example/t1.jpg",
    price: 1299,
    availability: "preorder",
    gtin: "4006381333931",
  });
  const wide = Uint8Array.from(
    `\ufeff${table.replaceAll("T1", "T3")}`.split("").flatMap((sign) => {
      const code = sign.charCodeAt(0);
      return [code & 255, code >> 8];
    }),
  );
  expect(await put(wide)).toMatchObject({ accepted: 1, rejected: 2 });
  expect(await readItem("T3")).toMatchObject({ price: 1299 });
});

it("reads a JSON array, and an object that holds one", async () => {
  const list =
    '[\n{"item_id": 1, "title": "a [b] \\"c"},\n3, {"item_id": "J2", "attributes": {"a": [1]}}]';
  const report = await put(list, "application/json");
  expect(report).toMatchObject({ form: "json", accepted: 2, rejected: 1, complete: true });
  expect(report.errors).toMatchObject([{ line: 2, code: "invalid_json" }]);
  expect(await readItem("1")).toMatchObject({ title: 'a [b] "c' });
  expect(await put('{"items": [{"item_id": "J3"}]}')).toMatchObject({ accepted: 1 });
});

it("reads Shopify's product CSV: variants are items of one group", async () => {
  const header =
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU," +
    "Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price," +
    "Variant Compare At Price,Image Src,Cost per item,Status";
  const report = await put(
    [
      header,
      'shirt,Shirt,"<p>Soft,\nwarm</p>",Acme,Tops,"new, summer",true,Size,S,SH-S,shopify,-2,deny,15.00,20.00,https://shop.example/s.jpg,7.5,active',
      "shirt,,,,,,,,M,SH-M,shopify,4,deny,20.00,,,,",
      "shirt,,,,,,,,,,,,,,,https://shop.example/s2.jpg,,",
      "mug,Mug,,Acme,Cups,,true,Title,Default Title,,shopify,3,continue,8.00,,,,draft",
    ].join("\n"),
  );
  expect(report).toMatchObject({ form: "table", accepted: 3, rejected: 0, notes: [] });
  expect(await readItem("SH-S")).toMatchObject({
    item_group_id: "shirt",
    title: "Shirt - S",
    description: "Soft, warm",
    category: "Tops",
    brand: "Acme",
    price: 20,
    sale_price: 15,
    cost: 7.5,
    stock: 0,
    hidden: false,
    attributes: { size: "S", tags: ["new", "summer"] },
  });
  expect(await readItem("SH-M")).toMatchObject({ price: 20, sale_price: null, stock: 4 });
  expect(await readItem("mug")).toMatchObject({
    title: "Mug",
    stock: 3,
    availability: "backorder",
    hidden: true,
  });
});

it("reads WooCommerce's product CSV: variations take over what their parent says", async () => {
  const report = await put(
    [
      "ID,Type,SKU,Name,Published,Visibility in catalog,Short description,In stock?,Stock,Backorders allowed?," +
        "Sale price,Regular price,Categories,Tags,Images,Parent,Attribute 1 name,Attribute 1 value(s)",
      '44,variable,HOOD,Hoodie,1,visible,Soft,1,,0,,,"Clothing > Hoodies, Sale",,https://shop.example/h.jpg,,Color,"Blue, Green"',
      "45,variation,HOOD-B,Hoodie - Blue,1,visible,,1,5,0,35,45,,,,HOOD,Color,Blue",
      "46,variation,HOOD-G,Hoodie - Green,1,visible,,0,0,0,,45,,,,id:44,Color,Green",
      "47,simple,CAP,Cap,0,visible,,1,,0,,10,Clothing,,,,,",
    ].join("\n"),
  );
  expect(report).toMatchObject({ form: "table", accepted: 4, rejected: 0, notes: [] });
  expect(await readItem("45")).toMatchObject({
    item_group_id: "44",
    category: "Clothing > Hoodies",
    categories: ["Sale"],
    price: 45,
    sale_price: 35,
    stock: 5,
    attributes: { color: "Blue" },
  });
  expect(await readItem("46")).toMatchObject({ item_group_id: "44", availability: "out_of_stock" });
  expect(await readItem("47")).toMatchObject({ hidden: true, item_group_id: null });
});

it("says what the columns are of a table that names no item, and takes no ZIP", async () => {
  const report = await put("name,price\na,1\n");
  expect(report).toMatchObject({ accepted: 0, complete: false });
  expect(report.errors[0]?.message).toContain("name, price");
  const zip = await call("PUT", "/v1/items", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0));
  expect(zip.status).toBe(400);
});

it("recommends neither what is sold out nor what is hidden, and one variant of a group", async () => {
  await putItems([
    { item_id: "v-1", category: "vases", item_group_id: "v" },
    { item_id: "v-2", category: "vases", item_group_id: "v" },
    { item_id: "w-1", category: "glass", categories: ["vases"] },
    { item_id: "x-1", category: "vases", availability: "out_of_stock" },
    { item_id: "x-2", category: "vases", hidden: true },
    { item_id: "x-3", category: "vases", stock: -3 },
    { item_id: "y-1", category: "vases", stock: 0, availability: "backorder" },
  ]);
  letPassLongIdle();
  const vases = async () =>
    listIds(await ask("/v1/recommendations?surface=category&category=vases"));
  const shown = await vases();
  expect(shown.toSorted()).toEqual(["v-1", "w-1", "y-1"]);
  // A level above 0 takes back the older word.
  await call("PUT", "/v1/stock", '{"items": [{"item_id": "x-1", "stock": 2}]}');
  await putItems([{ item_id: "x-2", hidden: false }]);
  letPassLongIdle();
  expect((await vases()).toSorted()).toEqual(["v-1", "w-1", "x-1", "x-2", "y-1"]);
});
