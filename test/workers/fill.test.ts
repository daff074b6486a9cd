// What a storefront leaves out of its events is filled in from the catalogue before they are folded and logged.
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { call, makeEvent, openShop, putItems, sendAll, waitForRows } from "./support/shop.ts";

beforeAll(openShop);

type Profile = { profile: { categories: unknown; brands: unknown } };

it("gives a view of nothing but an id its category, brand, group and price, and says so in the log", async () => {
  await putItems([
    {
      item_id: "boot",
      item_group_id: "boots",
      category: "Boots",
      brand: "Alpina",
      price: 100,
      sale_price: 80,
    },
  ]);
  const said = { item_id: "boot", item_category: "Winter", price: 70 };
  await sendAll([
    makeEvent("view_item", "ann", ["boot"]),
    makeEvent("add_to_cart", "ann", [], { items: [said] }),
    makeEvent("view_item", "ann", ["nobody"]),
  ]);
  const shown = await call("GET", "/v1/shoppers/ann/profile?id_type=anonymous");
  const { profile } = await shown.json<Profile>();
  expect(JSON.stringify(profile.categories)).toContain("Boots");
  expect(JSON.stringify(profile.brands)).toContain("Alpina");
  await waitForRows("events", 3);
  const { results } = await env.DB.prepare(
    "select item_id, item_group_id, category, brand, price, filled from events order by timestamp",
  ).all();
  const boot = { item_id: "boot", item_group_id: "boots", brand: "Alpina" };
  expect(results).toEqual([
    { ...boot, category: "Boots", price: 8000, filled: "group_id,category,brand,price" },
    { ...boot, category: "Winter", price: 7000, filled: "group_id,brand" },
    {
      item_id: "nobody",
      item_group_id: null,
      category: null,
      brand: null,
      price: null,
      filled: null,
    },
  ]);
});

it("takes an event that comes again for the same one though the catalogue has changed", async () => {
  const event = makeEvent("view_item", "ben", ["boot"]);
  await sendAll([event]);
  await putItems([{ item_id: "boot", category: "Sale", price: 50, sale_price: null }]);
  const again = await call("POST", "/v1/events", JSON.stringify(event), "pk_test");
  expect(await again.json()).toMatchObject({ accepted: 0, duplicates: 1, conflicts: 0 });
});
