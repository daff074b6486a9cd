// `identify` between two objects: one history, once, also when either side dies half-way or cannot be reached.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import type { Delivery } from "../../durable/contract.ts";
import { canonicalJson } from "../../durable/state/canonical-json.ts";
import { emptyShop, replayEvent, replayIdentify } from "../../durable/state/replay.ts";
import { deliver, exportOf, identify, shopperNamed, START } from "./shopper-deliveries.ts";

const add = (event_id: string, item_id: string, minute = 0) =>
  deliver(event_id, { name: "add_to_cart", item_id, timestamp: START + minute * 60_000 });

const itemsOf = async (name: string) =>
  (await exportOf(name)).state.cart.lines.map(({ item_id, quantity }) => [item_id, quantity]);

/** The disk of `name` refuses to do this, until `repair`. */
async function breakDisk(name: string, doing: string): Promise<void> {
  await runInDurableObject(shopperNamed(name), (_, { storage }) => {
    storage.sql.exec(
      `CREATE TRIGGER broken BEFORE ${doing} BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
    );
  });
}

async function repair(name: string): Promise<void> {
  await runInDurableObject(shopperNamed(name), (_, { storage }) => {
    storage.sql.exec("DROP TRIGGER broken");
  });
}

async function linkAndFail(anonymous: string, user: string, delivery: Delivery): Promise<void> {
  await runInDurableObject(shopperNamed(anonymous), async (shopper) => {
    await expect(shopper.linkTo(user, delivery)).rejects.toThrow("disk full");
  });
}

it("merges both histories as the offline fold does, byte for byte", async () => {
  const anonymous = [
    add("a1", "lamp"),
    add("a2", "desk", 200),
    deliver("a3", { timestamp: START + 205 * 60_000 }),
  ];
  const user = [add("u1", "lamp", 100), add("u2", "sofa", 207)];
  const login = identify("i", START + 206 * 60_000);
  await shopperNamed("a-merge").ingest(anonymous);
  await shopperNamed("u-merge").ingest(user);
  expect(await shopperNamed("a-merge").linkTo("u-merge", login)).toBe("applied");
  const { state, absorbed, pending } = await exportOf("u-merge");

  const shop = emptyShop();
  for (const { event } of anonymous) replayEvent(shop, "a-merge", event);
  for (const { event } of user) replayEvent(shop, "u-merge", event);
  replayIdentify(shop, "a-merge", "u-merge", login.event);
  expect(canonicalJson(state)).toBe(canonicalJson(shop.streams.get("u-merge")?.live));
  expect(state.cart.lines).toHaveLength(3);
  expect(absorbed).toEqual(["a-merge"]);
  expect(pending.find(({ event }) => event.event_id === "i")).toMatchObject({
    shopper: "u-merge",
    linked_from: "a-merge",
  });
});

it("points to the user ever after, and passes new events on", async () => {
  await shopperNamed("a-on").ingest([add("a", "lamp")]);
  await shopperNamed("a-on").linkTo("u-on", identify("i"));
  expect(await shopperNamed("a-on").snapshot()).toEqual({ kind: "linked", to: "u-on" });
  expect(await shopperNamed("a-on").export()).toEqual({ kind: "linked", to: "u-on" });
  const late = [add("a", "lamp"), add("b", "desk", 2), add("b", "desk", 2)];
  const result = { kind: "ingested", shopper: "u-on" };
  expect(await shopperNamed("a-on").ingest(late)).toMatchObject({
    ...result,
    verdicts: ["duplicate", "applied", "duplicate"],
  });
  expect(await shopperNamed("a-on").ingest(late)).toMatchObject({
    ...result,
    verdicts: ["duplicate", "duplicate", "duplicate"],
  });
  expect(await itemsOf("u-on")).toEqual([
    ["lamp", 1],
    ["desk", 1],
  ]);
});

it("merges once, however often the identify comes", async () => {
  await shopperNamed("a-again").ingest([add("a", "lamp")]);
  expect(await shopperNamed("a-again").linkTo("u-again", identify("i"))).toBe("applied");
  expect(await shopperNamed("a-again").linkTo("u-again", identify("i"))).toBe("duplicate");
  expect(await shopperNamed("a-again").linkTo("u-again", identify("j"))).toBe("applied");
  const { state } = await exportOf("u-again");
  expect(state.cart.lines).toMatchObject([{ item_id: "lamp", quantity: 1 }]);
  expect(state.profile.counts.identify).toBe(2);
});

it("merges once when two requests identify at the same moment", async () => {
  await shopperNamed("a-race").ingest([add("a", "lamp")]);
  const verdicts = await Promise.all([
    shopperNamed("a-race").linkTo("u-race", identify("i")),
    shopperNamed("a-race").linkTo("u-race", identify("i")),
    shopperNamed("a-race").ingest([add("b", "desk", 2)]),
  ]);
  expect(new Set(verdicts.slice(0, 2))).toEqual(new Set(["applied", "duplicate"]));
  expect(await itemsOf("u-race")).toEqual([
    ["lamp", 1],
    ["desk", 1],
  ]);
});

it.each([
  { when: "before the user has taken the history", breaks: "user", doing: "INSERT ON absorbed" },
  { when: "after the user has taken the history", breaks: "anon", doing: "DELETE ON handover" },
])("loses and doubles nothing when cut off $when", async ({ breaks, doing }) => {
  const [anonymous, user] = [`a-cut-${breaks}`, `u-cut-${breaks}`];
  const broken = breaks === "user" ? user : anonymous;
  await shopperNamed(anonymous).ingest([add("a", "lamp")]);
  await shopperNamed(user).ingest([add("u", "desk")]);
  await breakDisk(broken, doing);
  await linkAndFail(anonymous, user, identify("i"));
  await evictDurableObject(shopperNamed(user));
  await evictDurableObject(shopperNamed(anonymous));
  await repair(broken);
  expect(await shopperNamed(anonymous).linkTo(user, identify("i"))).toBe("duplicate");
  const { state, pending, absorbed } = await exportOf(user);
  expect(state.cart.lines.map(({ item_id, quantity }) => [item_id, quantity])).toEqual([
    ["lamp", 1],
    ["desk", 1],
  ]);
  expect(state.profile.counts.identify).toBe(1);
  expect(pending.map(({ event }) => event.event_id)).toEqual(["u", "i"]);
  expect(absorbed).toEqual([anonymous]);
});

it("ends a hand-over by its alarm, though nobody comes back", async () => {
  await shopperNamed("a-alone").ingest([deliver("a", { name: "add_to_cart" }, { log: false })]);
  await shopperNamed("u-alone").ingest([add("u", "desk")]);
  await breakDisk("u-alone", "INSERT ON absorbed");
  await linkAndFail("a-alone", "u-alone", identify("i"));
  expect(await runDurableObjectAlarm(shopperNamed("a-alone"))).toBe(true);
  expect(await itemsOf("u-alone")).toEqual([["desk", 1]]);
  await repair("u-alone");
  // Put off, not forgotten.
  expect(await runDurableObjectAlarm(shopperNamed("a-alone"))).toBe(true);
  expect(await itemsOf("u-alone")).toHaveLength(2);
  expect(await runDurableObjectAlarm(shopperNamed("a-alone"))).toBe(false);
});

it("gives a shared device to whoever logged in last, and nobody the other's history", async () => {
  await shopperNamed("a-shared").ingest([add("a", "lamp")]);
  await shopperNamed("a-shared").linkTo("anna", identify("i1", START + 60_000));
  await shopperNamed("a-shared").linkTo("ben", identify("i2", START + 120_000));
  await shopperNamed("a-shared").ingest([add("b", "desk", 3)]);
  // The first login again, delivered late.
  await shopperNamed("a-shared").linkTo("anna", identify("i3", START + 90_000));
  await shopperNamed("a-shared").ingest([add("c", "sofa", 4)]);
  expect(await itemsOf("anna")).toEqual([["lamp", 1]]);
  expect(await itemsOf("ben")).toEqual([
    ["desk", 1],
    ["sofa", 1],
  ]);
});

it("links nobody who does not agree to personalization, and logs what it may", async () => {
  await shopperNamed("a-no").ingest([add("a", "lamp")]);
  const login = { ...identify("i"), fold: false };
  expect(await shopperNamed("a-no").linkTo("u-no", login)).toBe("applied");
  expect(await itemsOf("a-no")).toEqual([["lamp", 1]]);
  expect((await exportOf("u-no")).pending).toMatchObject([
    { shopper: "u-no", linked_from: "a-no" },
  ]);
});

it("does not count twice what came as anonymous and again as user", async () => {
  const event = add("a", "lamp");
  await shopperNamed("a-twice").ingest([event]);
  await shopperNamed("u-twice").ingest([event]);
  await shopperNamed("a-twice").linkTo("u-twice", identify("i"));
  expect((await shopperNamed("u-twice").ingest([event])).verdicts).toEqual(["duplicate"]);
  expect(await itemsOf("u-twice")).toEqual([["lamp", 1]]);
});
