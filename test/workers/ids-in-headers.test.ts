// Ids of shoppers may stay out of addresses, which proxies and platforms keep: they travel in headers, or as pseudonyms.
import { beforeAll, describe, expect, it } from "vitest";
import { makeView, readProfile, sendEvents } from "./support/api.ts";
import { ask, call, makeEvent, openShop, putItems, sendAll, type List } from "./support/shop.ts";

const VIEWED = ["tent", "stove", "lamp"];

beforeAll(async () => {
  await openShop();
  await putItems(VIEWED.map((item_id) => ({ item_id, category: "camping", price: 5 })));
});

describe("an id that should not stand in an address", () => {
  const asked = (method: string, path: string, headers: Record<string, string>) =>
    call(method, path, undefined, "sk_test", headers);

  it("is taken from a header by every route about one shopper", async () => {
    await sendEvents([
      makeView("j1", Date.now(), { user_id: "jan@example.com" }),
      makeView("j2", Date.now(), { anonymous_id: "jan-phone" }),
    ]);
    const user = { "x-user-id": "jan@example.com" };
    const visitor = { "x-anonymous-id": "jan-phone" };
    for (const who of [user, visitor]) {
      const profile = await asked("GET", "/v1/shoppers/-/profile", who);
      expect(await profile.json()).toMatchObject({ profile: { counts: { view_item: 1 } } });
      const exported = await asked("GET", "/v1/shoppers/-/export", who);
      expect(new TextDecoder().decode(await exported.arrayBuffer())).toContain('"memory"');
      const erased = await asked("DELETE", "/v1/shoppers/-", who);
      expect((await erased.json<{ erased: string[] }>()).erased).toHaveLength(1);
      expect((await asked("GET", "/v1/shoppers/-/profile", who)).status).toBe(404);
    }
    expect((await asked("GET", "/v1/shoppers/-/profile", {})).status).toBe(404);
  });

  it("may be a pseudonym, with a secret key, and of a shopper alone", async () => {
    await sendAll(VIEWED.map((id) => makeEvent("view_item", "kim-phone", [id])));
    const shopper = (await readProfile("kim-phone", "anonymous"))?.shopper ?? "";
    const path = `/v1/shoppers/${shopper}/profile?id_type=pseudonym`;
    expect(await (await call("GET", path)).json()).toMatchObject({ shopper });
    const lists = `/v1/recommendations?surface=home&shopper=${shopper}`;
    expect(await (await call("GET", lists)).json<List>()).toMatchObject({ personal: true });
    expect(await ask(lists)).toMatchObject({ personal: false });
    for (const other of ["shop", "health"]) {
      const answer = await call("DELETE", `/v1/shoppers/${other}?id_type=pseudonym`);
      expect(await answer.json()).toEqual({ erased: [] });
    }
  });
});
