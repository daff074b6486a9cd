// The hourly pull of a shop's feed: only what is new, in slices, and nothing lost when its server or the feed fails.
import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { openJobDeps } from "../../src/batch/job-deps.ts";
import { pullCatalogue, SLICE_ITEMS } from "../../src/batch/feed/pull-catalogue.ts";
import { runJob } from "../../src/batch/run/run-job.ts";
import { call, openShop } from "./support/shop.ts";

beforeAll(openShop);

type Server = { body: BodyInit | null; etag: string; status?: number };

/** What the shop's server says, and what it was asked. */
let server: Server = { body: "", etag: "" };
let asked: Headers[] = [];

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", (_url: string, { headers }: { headers: Headers }) => {
    asked.push(headers);
    const { body, etag, status = 200 } = server;
    if (headers.get("if-none-match") === etag) return new Response(null, { status: 304 });
    return new Response(body, { status, headers: { etag } });
  });
  return () => vi.unstubAllGlobals();
});

async function pull(url = "https://ann:secret@shop.example/feed.csv") {
  const deps = openJobDeps({ ...env, CATALOG_FEED_URL: url }, Date.now);
  const outcome = await runJob(pullCatalogue, deps, Date.now() + 60_000);
  if (outcome.kind !== "ran") throw new Error(outcome.kind);
  const { status, counts, error } = outcome.run;
  return { status, counts: JSON.parse(counts), error };
}

const table = (rows: readonly string[]) => ["id,title,price", ...rows].join("\n");
const readItem = async (id: string) => await (await call("GET", `/v1/items/${id}`)).json();

it("takes in a feed, and asks only for a newer one", async () => {
  server = { body: table(["p1,One,1.50 USD", "p2,Two,2"]), etag: '"1"' };
  expect(await pull()).toMatchObject({ status: "done", counts: { items: 2, refused: 0 } });
  expect(asked[0]?.get("authorization")).toBe(`Basic ${btoa("ann:secret")}`);
  expect(await readItem("p1")).toMatchObject({ title: "One", price: 1.38 });
  expect(await pull()).toMatchObject({ status: "done", counts: { unchanged: 1 } });
  server = { body: table(["p1,Uno,1"]), etag: '"2"' };
  expect(await pull()).toMatchObject({ status: "done", counts: { items: 1 } });
  expect(await readItem("p1")).toMatchObject({ title: "Uno" });
  expect(await readItem("p2")).toMatchObject({ title: "Two" });
});

it("keeps what it read of a feed that breaks off, says where, and reads it again", async () => {
  const feed = `<rss><channel><item><id>x1</id><title>X</title></item>\n<item><id>x2</id>`;
  server = { body: feed, etag: '"3"' };
  expect(await pull()).toMatchObject({
    status: "failed",
    error: expect.stringContaining("up to line 2 only"),
  });
  expect(await readItem("x1")).toMatchObject({ title: "X" });
  server = { body: `${feed}</item></channel></rss>`, etag: '"3"' };
  expect(await pull()).toMatchObject({ status: "done", counts: { items: 2 } });
});

it("fails where the server does, or where there is no item", async () => {
  server = { body: "gone", etag: '"4"', status: 404 };
  expect(await pull()).toMatchObject({ status: "failed", error: expect.stringContaining("404") });
  server = { body: "id,title\n", etag: '"5"' };
  expect(await pull()).toMatchObject({
    status: "failed",
    error: expect.stringContaining("no item"),
  });
  expect(await pull("file:///etc/passwd")).toMatchObject({ status: "failed" });
});

it("takes a large feed in slices, each item once", async () => {
  const count = SLICE_ITEMS + 10;
  const rows = Array.from({ length: count }, (_, i) => `big-${i},Big,${i}`);
  server = { body: table(rows), etag: '"6"' };
  expect(await pull()).toMatchObject({ status: "done", counts: { items: count } });
  expect(asked).toHaveLength(2);
  const kept = await env.DB.prepare("select count(*) as n from items where title = 'Big'").first();
  expect(kept).toEqual({ n: count });
});

it("does nothing where no feed is named", async () => {
  expect(await pull(" ")).toMatchObject({ status: "done", counts: {} });
  expect(asked).toEqual([]);
});
