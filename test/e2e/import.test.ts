// A shop's feed and its past through `npm run import` into a real Worker: in several forms, stopped and resumed, with bad rows.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCommand } from "../support/command.ts";
import { makeFolder } from "../support/folder.ts";
import { openLocalShop, type LocalShop } from "../support/local-shop.ts";

const folder = makeFolder();
let shop: LocalShop;

beforeAll(async () => {
  shop = await openLocalShop();
});

afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function start(...args: string[]) {
  return startCommand("import", ["--url", shop.url, ...args]);
}

async function run(...args: string[]) {
  const command = start(...args);
  const code = await command.ended;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

const HEAD = "when,customer,sku,what,qty,unit_price";
const MAP = ["--map", "event_time=when,user_id=customer,item_id=sku,event=what,quantity=qty"];
const SEND = ["--yes", "--consent", "granted"];
const row = (index: number, what = "view") =>
  `2025-06-${String(1 + (index % 28)).padStart(2, "0")} 10:00:00,c${index % 40},sku-${index % 90},${what},1,9.95`;

describe("a product feed", () => {
  it("of Google's form is in the catalogue, and a bad line ends it in words and a code", async () => {
    const item = (id: string, price: string) =>
      `\n<item><g:id>${id}</g:id><g:title>Lamp ${id}</g:title><g:price>${price}</g:price></item>`;
    const feed = (items: string) =>
      `<?xml version="1.0"?><rss xmlns:g="http://base.google.com/ns/1.0"><channel>${items}</channel></rss>`;
    const good = write("feed.xml", feed(item("sku-1", "12.50 EUR") + item("sku-2", "7 EUR")));
    expect(await run("--feed", good)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("2 items read, 2 taken"),
    });
    const { body } = await shop.api.send("GET", "/v1/items/sku-1");
    expect(body).toMatchObject({ title: "Lamp sku-1", price: 12.5 });
    const bad = write(
      "bad.xml",
      feed(item("sku-3", "3 EUR") + item("sku-4", "cheap") + item("", "1 EUR")),
    );
    const ended = await run("--feed", bad);
    expect(ended).toMatchObject({ code: 1, stdout: expect.stringContaining("2 taken") });
    expect(ended.stdout).toMatch(/line 4: invalid_item: item_id/);
    expect(ended.stdout).toMatch(/price was not taken as it is \(\w+\): 1 lines/);
  });

  it("that is not there is no success", async () => {
    expect((await run("--feed", join(folder, "nowhere.xml"))).code).toBe(1);
    expect((await run("--feed", write("empty.csv", ""))).code).toBe(1);
  });
});

describe("a history", () => {
  it("is shown before it is sent, and sent by nobody's silence", async () => {
    const path = write("shown.csv", [HEAD, row(1), row(2)].join("\n"));
    const { code, stdout, stderr } = await run("--events", path, ...MAP);
    expect(code).toBe(1);
    expect(stdout).toContain("2 events");
    expect(stdout).toContain("user_id=customer");
    expect(stdout).toMatch(/2 +2025-06-02T10:00:00.000Z +view_item +c1 +1xsku-1@9.95/);
    expect(stderr).toContain("Nothing was sent");
  });

  it("goes on where it was stopped, and no event counts twice", async () => {
    const rows = Array.from({ length: 4000 }, (_, index) => row(index));
    const path = write("long.csv", [HEAD, ...rows].join("\n"));
    const first = start("--events", path, ...MAP, ...SEND);
    const stopping = setInterval(() => {
      if (!/import .*\|/.test(first.stderr())) return;
      clearInterval(stopping);
      first.signal("SIGINT");
    }, 20);
    const code = await first.ended;
    clearInterval(stopping);
    expect(first.stderr()).not.toMatch(/rror/);
    expect(code).toBe(130);
    const second = await run("--events", path, ...MAP, ...SEND);
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/4000 events sent, 4000 accepted, 0 known/);
  });

  it("with bad rows ends with their lines and another code, unless they are allowed", async () => {
    const path = write(
      "bad.csv",
      [HEAD, row(5001), "yesterday,c1,sku-1,view,1,2", row(5002), row(5003, "dance")].join("\n"),
    );
    const rejected = join(folder, "rejected.ndjson");
    const ended = await run("--events", path, ...MAP, ...SEND, "--rejected", rejected);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/2 accepted/);
    expect(ended.stdout).toMatch(/line 3: invalid_time: "yesterday" is no time/);
    const lines = readFileSync(rejected, "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).line)).toEqual([3, 5]);
    expect((await run("--events", path, ...MAP, ...SEND, "--allow-rejected")).code).toBe(0);
  });

  it("of GA4's form and of our own need no mapping", async () => {
    const ga4 = {
      event_date: "20250601",
      event_timestamp: "1748772000000000",
      event_name: "purchase",
      user_pseudo_id: "ga-1",
      ecommerce: { transaction_id: "T-9", purchase_revenue: 20 },
      items: [{ item_id: "sku-1", quantity: 2, price: 10 }],
      event_params: [],
    };
    const path = write("ga4.ndjson", JSON.stringify(ga4));
    const ended = await run("--events", path, ...SEND);
    expect(ended.stdout).toMatch(/GA4's export to BigQuery: 1 events/);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining("1 accepted") });
    const own = {
      name: "view_item",
      timestamp: "2025-06-01T00:00:00Z",
      anonymous_id: "a1",
      items: [{ item_id: "sku-2" }],
      consent: { analytics: true, personalization: true },
      event_id: "own-1",
    };
    expect((await run("--events", write("own.ndjson", JSON.stringify(own)), "--yes")).code).toBe(0);
  });

  it("that holds nothing to read is no success", async () => {
    const empty = await run("--events", write("none.csv", HEAD), ...MAP, ...SEND);
    expect(empty.code).toBe(1);
    expect(empty.stdout).toContain("nothing was read");
    expect((await run("--events", write("what.csv", "a,b\n1,2"), ...SEND)).code).toBe(1);
    expect((await run()).code).toBe(1);
  });
});
