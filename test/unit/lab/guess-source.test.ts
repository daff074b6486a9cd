// What kind of log a file is: none is taken for another, and a table never for sessions of its own words.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { guessSource } from "../../../src/lab/guess-source.ts";
import { loadData } from "../../../src/lab/train/load-data.ts";
import { makeFolder } from "../../support/folder.ts";

const folder = makeFolder();
afterAll(() => rmSync(folder, { recursive: true }));

function write(...lines: string[]): string {
  const path = join(folder, `log-${Math.random()}`);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

it.each([
  ["retailrocket", "timestamp,visitor_id,event,item_id,category_id,session_id"],
  ["retailrocket", "timestamp,visitorid,event,itemid,transactionid"],
  [
    "rees46",
    "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session",
  ],
  ["history", "user_id,item_id,event_time"],
  ["history", "user_id\titem_id\tevent_time"],
  ["history", "a;b"],
  ["history", '{"user_id": 1, "item_id": 2, "ts": 3}'],
  ["simulated", '{"item":{"item_id":"a"}}'],
  ["sessions", "12 13 14"],
  ["sessions", "boot-1 sock-2"],
])("is %s for a file that begins with %s", async (source, line) => {
  expect(await guessSource(write(line))).toBe(source);
});

it("learns sessions from a table by the names of its columns, or as they are mapped", async () => {
  const rows = ["u1,a,2026-01-15 12:00:00", "u1,b,2026-01-15 12:01:00", "u2,a,2026-01-15 13:00:00"];
  const known = await loadData(write("user_id,item_id,event_time", ...rows));
  expect(known.vocabulary).toEqual(["a", "b"]);
  expect(known.data.sessions.map(({ items }) => [...items])).toEqual([[0, 1], [0]]);
  const strange = write("x,y,z", ...rows);
  await expect(loadData(strange)).rejects.toThrow(/looks like a table with the columns x, y, z/);
  const mapped = await loadData(strange, { map: "user_id=x,item_id=y,event_time=z" });
  expect(mapped.vocabulary).toEqual(["a", "b"]);
});
