// Lists that nobody is shown: under rules that are only asked about, outside experiments, and without a trace. And what
// was declared before.
import { beforeAll, describe, expect, it, vi } from "vitest";
import { countRows, readProfile, request } from "./support/api.ts";
import { ask, listIds, makeEvent, openShop, putItems, sendAll, type List } from "./support/shop.ts";

beforeAll(async () => {
  await openShop();
  await putItems(
    ["boots", "socks", "hats", "gloves"].map((item_id, i) => ({
      item_id,
      title: item_id,
      category: "outdoor",
      price: 10 * (i + 1),
    })),
  );
  await sendAll([
    makeEvent("view_item", "anna", ["boots"]),
    makeEvent("view_item", "anna", ["socks"]),
  ]);
});

async function preview(body: object): Promise<List> {
  const response = await request("POST", "/v1/preview", { body });
  expect(response.status).toBe(200);
  return await response.json<List>();
}

async function readHistory(): Promise<{ rules: object; changed_at: string }[]> {
  const response = await request("GET", "/v1/rules/home/history");
  return (await response.json<{ changes: { rules: object; changed_at: string }[] }>()).changes;
}

describe("a preview", () => {
  it("obeys the rules that it is asked about, and leaves those that hold as they are", async () => {
    const rules = { pinned: [{ item_id: "gloves", position: 0 }], exclude: ["hats"] };
    const ids = listIds(await preview({ surface: "home", rules }));
    expect(ids[0]).toBe("gloves");
    expect(ids).not.toContain("hats");
    expect(listIds(await preview({ surface: "home" }))).toContain("hats");
    expect(listIds(await ask("/v1/recommendations?surface=home"))).toContain("hats");
  });

  it("takes prices in the shop's currency", async () => {
    const rules = { filters: { min_price: 25 } };
    expect(listIds(await preview({ surface: "home", rules })).sort()).toEqual(["gloves", "hats"]);
  });

  it("is a shopper's own list with its reasons, and is not logged", async () => {
    const shopper = (await readProfile("anna"))?.shopper;
    // The shopper may be late, and then the list goes without.
    const list = await vi.waitFor(async () => {
      const asked = await preview({ surface: "home", shopper });
      expect(asked.personal).toBe(true);
      return asked;
    }, 20_000);
    expect(list.items.every(({ contributions }) => contributions !== undefined)).toBe(true);
    // Lists go into the log in the order in which they were made.
    const shown = await ask("/v1/recommendations?surface=home&anonymous_id=anna");
    const count = (id: string) => countRows("shown_lists", "recommendation_id = ?", id);
    await vi.waitFor(async () => expect(await count(shown.recommendation_id)).toBe(1), 20_000);
    expect(await count(list.recommendation_id)).toBe(0);
  });

  it("takes no part in an experiment", async () => {
    const variants = [{ name: "control" }, { name: "other", policy: { exclude: ["boots"] } }];
    const experiment = { status: "running", surfaces: ["home"], variants };
    await request("PUT", "/v1/experiments/trial", { body: experiment });
    const shopper = (await readProfile("anna"))?.shopper;
    for (const _ of variants)
      expect(await preview({ shopper })).toMatchObject({ experiment: null });
    await request("PUT", "/v1/experiments/trial", { body: { ...experiment, status: "stopped" } });
  });

  it("says why models cannot be asked", async () => {
    const response = await request("POST", "/v1/preview", {
      body: { models: { ranking: "none" } },
    });
    expect(response.status).toBe(422);
  });
});

describe("the history of rules", () => {
  it("holds what was declared, the latest first, so that each can be declared anew", async () => {
    const first = { filters: { max_price: 19.95 } };
    const second = { exclude: ["hats"] };
    for (const body of [first, second, {}]) await request("PUT", "/v1/rules/home", { body });
    const [none, latest, earlier] = await readHistory();
    expect([none?.rules, latest?.rules, earlier?.rules]).toEqual([{}, second, first]);
    await request("PUT", "/v1/rules/home", { body: earlier?.rules });
    expect((await readHistory())[0]?.rules).toEqual(first);
  });

  it("keeps the last fifty", async () => {
    for (let diversity = 0; diversity < 55; diversity++)
      await request("PUT", "/v1/rules/cart", { body: { diversity: diversity / 100 } });
    const response = await request("GET", "/v1/rules/cart/history");
    const { changes } = await response.json<{ changes: { rules: object }[] }>();
    expect(changes).toHaveLength(50);
    expect(changes[0]?.rules).toEqual({ diversity: 0.54 });
  });
});
