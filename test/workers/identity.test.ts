// Who may speak of whom: with a publishable key a user id counts with proof alone, in every form and on every way in.
import {
  createExecutionContext,
  evictDurableObject,
  runInDurableObject,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { readSettings } from "../../src/shop/settings.ts";
import { makeView, readProfile, request } from "./support/api.ts";
import { ask, call, makeEvent, openShop, putItems, sendAll, type List } from "./support/shop.ts";
import { hashUser } from "./support/user-hash.ts";

const NOW = Date.now();
const VIEWED = ["tent", "stove", "lamp"];
const ORIGIN = "https://shop.example";

type Told = {
  accepted: number;
  unverified: number;
  unverified_events: { index: number; event_id: string | null }[];
  rejected: { index: number; code: string }[];
};

beforeAll(async () => {
  await openShop();
  await putItems(
    [...VIEWED, "rope", "cup", "map"].map((item_id) => ({
      item_id,
      category: "camping",
      price: 5,
    })),
  );
});

async function send(body: unknown, key = "pk_test", path = "/v1/events"): Promise<Told> {
  const response = await request("POST", path, { key, body });
  expect(response.ok).toBe(true);
  return await response.json<Told>();
}

async function sendWith(headers: Record<string, string>, body: unknown): Promise<Told> {
  const response = await call("POST", "/v1/events", JSON.stringify(body), "pk_test", headers);
  return await response.json<Told>();
}

const view = (event_id: string, who: object, more: object = {}) =>
  makeView(event_id, NOW, who, more);
const identify = (event_id: string, who: object) =>
  view(event_id, who, { name: "identify", items: [] });

async function viewsOf(id: string, type: "user" | "anonymous" = "user"): Promise<number | null> {
  return (await readProfile(id, type))?.profile.counts["view_item"] ?? null;
}

async function mint(who: object): Promise<string> {
  const minted = await request("POST", "/v1/shopper-tokens", { body: who });
  return (await minted.json<{ token: string }>()).token;
}

/** A user with a cart and a history, as the shop's back end tells it. */
async function openVictim(user_id: string): Promise<void> {
  const events = VIEWED.map((item_id, i) =>
    view(`${user_id}-${i}`, { user_id }, { name: "add_to_cart", items: [{ item_id }] }),
  );
  expect(await send({ events }, "sk_test")).toMatchObject({ accepted: VIEWED.length });
}

describe("a stranger with the publishable key", () => {
  it("links nobody, reads nobody's cart, erases nobody", async () => {
    await openVictim("victim");
    await send(view("mine", { anonymous_id: "mine" }));
    const told = await send(identify("steal", { anonymous_id: "mine", user_id: "victim" }));
    expect(told).toMatchObject({ accepted: 0, unverified: 1 });
    expect(told.rejected).toMatchObject([{ index: 0, code: "unverified_identity" }]);
    const token = await mint({ anonymous_id: "mine" });
    const cart = await request("GET", "/v1/me/cart", { key: token });
    expect((await cart.json<{ lines: unknown[] }>()).lines).toEqual([]);
    const exported = await call("GET", "/v1/shoppers/mine/export?id_type=anonymous");
    expect(await exported.text()).not.toContain("tent");
    await call("DELETE", "/v1/shoppers/mine?id_type=anonymous");
    expect((await readProfile("victim", "user"))?.cart.lines).toHaveLength(VIEWED.length);
  });

  it("learns nothing of a user's history from lists", async () => {
    await openVictim("victim-2");
    for (const query of ["user_id=victim-2", "user_id=victim-2&user_hash=00", "anonymous_id=new"]) {
      const lists = await Promise.all(
        ["allow", "exclude"].map((seen) =>
          ask(`/v1/recommendations?surface=home&limit=6&seen=${seen}&${query}`),
        ),
      );
      const [all, unseen] = lists.map((list) => list.items.map(({ item_id }) => item_id).sort());
      expect(lists.map(({ personal }) => personal)).toEqual([false, false]);
      expect(unseen).toEqual(all);
      expect(lists[0]?.unverified).toBe(query.startsWith("user_id"));
    }
  });

  it("puts nothing into a user's profile: the event is the visitor's, or nobody's", async () => {
    await openVictim("victim-3");
    const told = await send([
      view("p1", { user_id: "victim-3", anonymous_id: "visitor-3" }),
      view("p2", { user_id: "victim-3" }),
      view("p3", { anonymous_id: "visitor-3" }),
    ]);
    expect(told).toMatchObject({
      accepted: 2,
      unverified: 2,
      unverified_events: [{ index: 0, event_id: "p1" }],
      rejected: [{ index: 1, code: "missing_shopper" }],
    });
    expect(await viewsOf("victim-3")).toBe(0);
    expect(await viewsOf("visitor-3", "anonymous")).toBe(2);
  });

  it.each([
    ["another user's", () => hashUser("somebody else")],
    ["one of another secret", () => hashUser("victim-4", "not the secret")],
    ["half of one", async () => (await hashUser("victim-4")).slice(0, 32)],
    ["no text", () => Promise.resolve({ toString: "victim-4" })],
    ["nothing", () => Promise.resolve("")],
  ])("is not believed with %s as proof", async (_, makeHash) => {
    const user_hash = await makeHash();
    const told = await send(view(`w-${_}`, { user_id: "victim-4", anonymous_id: "w", user_hash }));
    expect(told).toMatchObject({ accepted: 1, unverified: 1 });
    expect(await readProfile("victim-4", "user")).toBe(null);
  });

  it("finds no way around in another standard's form", async () => {
    const track = {
      type: "track",
      event: "Product Viewed",
      messageId: "s1",
      userId: "victim-5",
      anonymousId: "seg",
      properties: { product_id: "tent" },
    };
    expect(await send(track, "pk_test", "/v1/track")).toMatchObject({ unverified: 1 });
    const both = { messageId: "s2", userId: "victim-5", anonymousId: "seg" };
    expect(await send(both, "pk_test", "/v1/identify")).toMatchObject({
      rejected: [{ code: "unverified_identity" }],
    });
    const alias = { messageId: "s3", userId: "victim-5", previousId: "seg" };
    expect(await send(alias, "pk_test", "/v1/alias")).toMatchObject({
      rejected: [{ code: "unverified_identity" }],
    });
    const events = [{ name: "view_item", params: { items: [{ item_id: "tent" }] } }];
    const ga4 = { client_id: "ga", user_id: "victim-5", events };
    expect(await send(ga4, "pk_test", "/mp/collect")).toMatchObject({ unverified: 1 });
    expect(await readProfile("victim-5", "user")).toBe(null);
  });
});

describe("proof", () => {
  it("is a hash under either of two secrets: on the event, on the batch, in a header", async () => {
    const [old = "", fresh = ""] = env.IDENTITY_SECRET.split(",").map((secret) => secret.trim());
    const who = { user_id: "ann" };
    for (const [i, secret] of [old, fresh].entries()) {
      const user_hash = await hashUser("ann", secret);
      await send(view(`h${i}-1`, { ...who, user_hash: user_hash.toUpperCase() }));
      await send({ ...who, user_hash, events: [view(`h${i}-2`, {}), view(`h${i}-3`, {})] });
      const told = await sendWith({ "x-user-hash": user_hash }, view(`h${i}-4`, who));
      expect(told).toMatchObject({ accepted: 1, unverified: 0 });
    }
    expect(await viewsOf("ann")).toBe(8);
  });

  it("is read where other standards have room for it", async () => {
    const user_hash = await hashUser("bob");
    const track = { event: "Product Viewed", userId: "bob", properties: { product_id: "tent" } };
    await send({ ...track, messageId: "b1", context: { user_hash } }, "pk_test", "/v1/track");
    const properties = { ...track.properties, user_hash };
    await send({ ...track, messageId: "b2", properties }, "pk_test", "/v1/track");
    const events = [{ name: "view_item", params: { items: [{ item_id: "tent" }] } }];
    await send({ client_id: "g", user_id: "bob", user_hash, events }, "pk_test", "/mp/collect");
    const withParams = [{ name: "view_item", params: { ...events[0]?.params, user_hash } }];
    await send({ client_id: "h", user_id: "bob", events: withParams }, "pk_test", "/mp/collect");
    expect(await viewsOf("bob")).toBe(4);
  });

  it("is a shopper token for that user, and for no other", async () => {
    const token = await mint({ user_id: "cyd" });
    const headers = { "x-shopper-token": token };
    const who = { user_id: "cyd", anonymous_id: "cyd-browser" };
    await send(view("c0", { anonymous_id: "cyd-browser" }));
    expect(await sendWith(headers, identify("c1", who))).toMatchObject({ accepted: 1 });
    expect(await viewsOf("cyd")).toBe(1);
    const other = await sendWith(headers, view("c2", { user_id: "dan" }));
    expect(other.rejected).toMatchObject([{ code: "missing_shopper" }]);
    const old = await sendWith({ "x-shopper-token": `${token}x` }, view("c3", who));
    expect(old).toMatchObject({ unverified: 1 });
  });

  it("is a secret key, also in a backfill", async () => {
    await send(view("e1", { user_id: "eve" }), "sk_test");
    await send([view("e2", { user_id: "eve" })], "sk_test", "/v1/backfill");
    expect(await viewsOf("eve")).toBe(2);
  });

  it("opens the user's lists, in headers, in the query and in the body", async () => {
    await sendAll(VIEWED.map((id) => makeEvent("view_item", "fay-browser", [id])));
    const user_hash = await hashUser("fay");
    await send(identify("f1", { user_id: "fay", anonymous_id: "fay-browser", user_hash }));
    const path = "/v1/recommendations?surface=home&limit=6";
    const byQuery = await ask(`${path}&user_id=fay&user_hash=${user_hash}`);
    const byHeader = await call("GET", path, undefined, "pk_test", {
      "x-user-id": "fay",
      "x-user-hash": user_hash,
    });
    const byToken = await call("GET", `${path}&user_id=fay`, undefined, "pk_test", {
      "x-shopper-token": await mint({ user_id: "fay" }),
    });
    const body = { user_id: "fay", user_hash, items: [{ item_id: "tent" }] };
    const byBody = await request("POST", "/v1/rerank", { key: "pk_test", body });
    const lists = [byQuery, ...(await Promise.all([byHeader, byToken, byBody].map(readList)))];
    for (const list of lists) expect(list).toMatchObject({ personal: true, unverified: false });
    const byVisitor = await call("GET", path, undefined, "pk_test", {
      "x-anonymous-id": "fay-browser",
    });
    expect(await readList(byVisitor)).toMatchObject({ personal: true });
  });
});

const readList = (response: Response) => response.json<List>();

describe("a shop", () => {
  /** Asks the Worker with other variables. */
  async function askAs(variables: object, path: string, body?: object): Promise<Response> {
    const context = createExecutionContext();
    const headers = { authorization: "Bearer pk_test", "content-type": "application/json" };
    const init =
      body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
    const response = await createApp().fetch(
      new Request(ORIGIN + path, init),
      { ...env, ...variables },
      context,
    );
    await waitOnExecutionContext(context);
    return response;
  }

  it("whose key stays behind its own server may turn the demand off", async () => {
    const off = { REQUIRE_IDENTITY_PROOF: "false" };
    const told = await askAs(off, "/v1/events", view("o1", { user_id: "gus" }));
    expect(await told.json()).toMatchObject({ accepted: 1, unverified: 0 });
    expect(await viewsOf("gus")).toBe(1);
    for (const setting of ["", "no", "0", "FALSE", undefined]) {
      const on = { REQUIRE_IDENTITY_PROOF: setting };
      const more = await askAs(on, "/v1/events", view("o2", { user_id: "gus" }));
      expect(await more.json(), setting).toMatchObject({ accepted: 0, unverified: 1 });
    }
  });

  it.each([
    [{}, "proof"],
    [{ IDENTITY_SECRET: " , " }, "tokens_only"],
    [{ IDENTITY_SECRET: undefined }, "tokens_only"],
    [{ REQUIRE_IDENTITY_PROOF: "false" }, "not_required"],
  ])("with %o is told at /health/ready how users are believed: %s", async (variables, identity) => {
    const response = await askAs(variables, "/health/ready");
    expect(await response.json()).toMatchObject({ identity });
  });

  it("without a secret believes no hash, not even one of an empty secret", async () => {
    const none = { IDENTITY_SECRET: undefined };
    const user_hash = await hashUser("hal", " ");
    const told = await askAs(none, "/v1/events", view("n1", { user_id: "hal", user_hash }));
    expect(await told.json()).toMatchObject({ accepted: 0, unverified: 1 });
  });

  it("does not follow links that an earlier version made without asking for proof", async () => {
    await openVictim("ida");
    const user_hash = await hashUser("ida");
    const who = { user_id: "ida", anonymous_id: "ida-phone" };
    await send(identify("i1", { ...who, user_hash }));
    const shopper = (await readProfile("ida-phone", "anonymous"))?.shopper ?? "";
    expect(shopper).toBe((await readProfile("ida", "user"))?.shopper);
    const pseudonym = await readSettings(env).pseudonymise("anonymous", "ida-phone");
    const phone = env.SHOPPER.getByName(pseudonym);
    await runInDurableObject(phone, (_, { storage }) => {
      storage.sql.exec("update shopper set linked_proven = null");
    });
    await evictDurableObject(phone);
    const token = await mint({ anonymous_id: "ida-phone" });
    const cart = await request("GET", "/v1/me/cart", { key: token });
    expect(await cart.json()).toMatchObject({ lines: [] });
    await call("DELETE", "/v1/shoppers/ida-phone?id_type=anonymous");
    expect((await readProfile("ida", "user"))?.cart.lines).toHaveLength(VIEWED.length);
  });
});
