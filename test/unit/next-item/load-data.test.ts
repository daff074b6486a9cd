// What `--data` may name: session files, logs known by their first line, export folders.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadData } from "../../../src/lab/train/load-data.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-data-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type LogRow = {
  event_id: string;
  name: string;
  timestamp: number;
  item_id: string;
  session_id: string;
};

function writePart(day: string, rows: readonly LogRow[]): void {
  const column = (name: string, data: (string | number | bigint | null)[]) => ({ name, data });
  const buffer = parquetWriteBuffer({
    columnData: [
      column(
        "shopper",
        rows.map(() => "s"),
      ),
      column(
        "event_id",
        rows.map(({ event_id }) => event_id),
      ),
      column(
        "line",
        rows.map(() => 0),
      ),
      column(
        "name",
        rows.map(({ name }) => name),
      ),
      column(
        "timestamp",
        rows.map(({ timestamp }) => BigInt(timestamp)),
      ),
      column(
        "session_id",
        rows.map(({ session_id }) => session_id),
      ),
      column(
        "item_id",
        rows.map(({ item_id }) => item_id),
      ),
      column(
        "price",
        rows.map(({ item_id }) => (item_id === "a" ? 1500 : 9900)),
      ),
      column(
        "category",
        rows.map(({ item_id }) => (item_id === "c" ? null : `category of ${item_id}`)),
      ),
      column(
        "brand",
        rows.map(() => "acme"),
      ),
    ],
  });
  mkdirSync(join(folder, "export", `dt=${day}`), { recursive: true });
  writeFileSync(join(folder, "export", `dt=${day}`, "part-0.parquet"), new Uint8Array(buffer));
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
    const row = { name: "view_item", session_id: "s1" };
    writePart("2026-01-02", [
      { ...row, event_id: "e3", item_id: "c", timestamp: 3000 },
      { ...row, event_id: "e2", item_id: "b", timestamp: 2000, name: "purchase" },
    ]);
    writePart("2026-01-01", [
      { ...row, event_id: "e1", item_id: "a", timestamp: 1000 },
      { ...row, event_id: "e0", item_id: "a", timestamp: 500, name: "search" },
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

  it("says what is wrong with a folder without parts, and with a file that is not there", async () => {
    mkdirSync(join(folder, "empty"));
    await expect(loadData(join(folder, "empty"))).rejects.toThrow("no .parquet part");
    await expect(loadData(join(folder, "nothing.txt"))).rejects.toThrow("nothing.txt");
  });
});
