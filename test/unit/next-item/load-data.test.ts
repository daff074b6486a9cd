// What `--data` may name: session files, logs known by their first line, export folders.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { priceBucket } from "../../../models/next-item/data/event-log.ts";
import type { CleanRow } from "../../../src/batch/clean/event.ts";
import { encodeRows } from "../../../src/batch/export/parquet.ts";
import { Catalog } from "../../../src/catalog/catalog.ts";
import { loadRanking } from "../../../src/lab/train/load-ranking.ts";
import { loadData } from "../../../src/lab/train/load-data.ts";
import { describeContent } from "../../../src/recommend/retrieve/cold-items.ts";
import { readCurrency, readMoney } from "../../../src/shop/money.ts";
import { changedItem } from "../../support/changed-item.ts";
import { encodeOlder } from "../../support/older-file.ts";
import { exportedRow } from "../../support/exported-row.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-data-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writePart(name: string, rows: readonly Partial<CleanRow>[], currency = "EUR"): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, encodeRows(rows.map(exportedRow), readCurrency(currency)));
}

describe("the data of a training run", () => {
  it("may be a session file", async () => {
    const path = join(folder, "sessions.txt");
    writeFileSync(path, "x y x\n\ny z\n");
    const { data, vocabulary } = await loadData(path);
    expect(vocabulary).toEqual(["x", "y", "z"]);
    expect(data.sessions.map(({ items }) => items)).toEqual([
      [0, 1, 0],
      [1, 2],
    ]);
  });

  it("may be a log that is known by its first line", async () => {
    const path = join(folder, "events.csv");
    const header = "timestamp,visitor_id,event,item_id,category_id,session_id";
    writeFileSync(
      path,
      `${header}\n100,v,view,7,3,s1\n160,v,addtocart,7,3,s1\n200,v,view,8,4,s1\n`,
    );
    const { data, vocabulary } = await loadData(path);
    expect(vocabulary).toEqual(["7", "8"]);
    expect(data.sessions).toEqual([
      { items: [0, 0, 1], types: [0, 1, 0], times: [100_000, 160_000, 200_000] },
    ]);
    expect(data.content?.map(({ name }) => name)).toEqual(["category"]);
  });

  it("may be an export folder, read in the order of events whatever the order of rows", async () => {
    const row = { session_id: "s1", brand: "acme" };
    const [a, b] = [
      { item_id: "a", price: 1500, category: "category of a" },
      { item_id: "b", price: 9900, category: "category of b" },
    ];
    writePart("export/dt=2026-01-02/part-0.parquet", [
      { ...row, seq: 2, item_id: "c", price: 9900, timestamp: 3000 },
      { ...row, seq: 1, ...b, timestamp: 2000, name: "purchase" },
    ]);
    writePart("export/dt=2026-01-01/part-0.parquet", [
      { ...row, seq: 4, ...a, timestamp: 1000 },
      { ...row, seq: 3, ...a, timestamp: 500, name: "search" },
    ]);
    const { data, vocabulary } = await loadData(join(folder, "export"));
    expect(vocabulary).toEqual(["a", "b", "c"]);
    expect(data.sessions).toEqual([
      { items: [0, 1, 2], types: [0, 2, 0], times: [1000, 2000, 3000] },
    ]);
    expect(data.content?.map(({ name, of }) => [name, Array.from(of)])).toEqual([
      ["category", [0, 1, -1]],
      ["price", [0, 1, 1]],
    ]);
  });

  it("keeps apart shoppers of an export who have the same session id", async () => {
    const row = { session_id: "1" };
    writePart("shared/part-0.parquet", [
      { ...row, seq: 1, shopper: "ann", item_id: "a", timestamp: 1000 },
      { ...row, seq: 2, shopper: "bob", item_id: "b", timestamp: 2000 },
      { ...row, seq: 3, shopper: "ann", item_id: "c", timestamp: 3000 },
    ]);
    const { data } = await loadData(join(folder, "shared"));
    expect(data.sessions.map(({ items }) => items)).toEqual([[1], [0, 2]]);
  });

  const bucketsOf = async (name: string, currency?: string) => {
    const { data } = await loadData(join(folder, name), { currency });
    return data.content?.find((field) => field.name === "price")?.labels;
  };

  it.each([
    ["JPY", 5000, 5000],
    ["EUR", 5000, 50],
    ["KWD", 5000, 5],
  ])("knows prices of an export in %s as the Worker does", async (currency, minor, price) => {
    const rows = [
      { item_id: "cheap", price: 0 },
      { item_id: "dear", price: minor },
    ];
    writePart(`in-${currency}/part-0.parquet`, rows, currency);
    const catalog = new Catalog();
    const item = catalog.intern("dear");
    catalog.apply([changedItem("dear", 1, { price: minor })]);
    const { scale } = readMoney(currency, "{}");
    const served = describeContent(catalog, item, scale).price;
    expect(served).toBe(String(priceBucket(price)));
    expect(await bucketsOf(`in-${currency}`)).toEqual(["0", served]);
  });

  it("tells a ranking model of an export's shoppers what their folds knew before each event", async () => {
    writePart("states/part-0.parquet", [
      { seq: 1, item_id: "a", timestamp: 1000, name: "add_to_cart" },
      { seq: 2, item_id: "b", timestamp: 2000, price: 500 },
    ]);
    const { data, watch } = await loadRanking(join(folder, "states"));
    const [session] = data.sessions;
    if (session === undefined || watch === undefined) throw new Error("one session is watched");
    const before = await watch.viewBefore(watch.ordinalOf(session, 1), 2000);
    expect([...before.reading.inCart]).toEqual(["a"]);
    expect(before.itemOf(session.items[1] ?? -1)).toMatchObject({ item_id: "b", price: 500 });
  });

  it("takes the currency from the option where the files do not say it", async () => {
    const rows = [
      { item_id: "cheap", price: 0 },
      { item_id: "dear", price: 5000 },
    ];
    const path = join(folder, "old", "part-0.parquet");
    mkdirSync(dirname(path));
    writeFileSync(path, encodeOlder(rows.map(exportedRow)));
    expect(await bucketsOf("old", "JPY")).toEqual(["0", "24"]);
    expect(await bucketsOf("old", "EUR")).toEqual(["0", "11"]);
  });

  it("does not mix currencies", async () => {
    writePart("mixed/part-0.parquet", [{}], "EUR");
    writePart("mixed/part-1.parquet", [{}], "JPY");
    await expect(loadData(join(folder, "mixed"))).rejects.toThrow("has prices in JPY");
  });

  it("says what is wrong with a folder without parts, and with a file that is not there", async () => {
    mkdirSync(join(folder, "empty"));
    await expect(loadData(join(folder, "empty"))).rejects.toThrow("no .parquet part");
    await expect(loadData(join(folder, "nothing.txt"))).rejects.toThrow("nothing.txt");
  });
});
