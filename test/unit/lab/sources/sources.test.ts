// The readers of data sets: wire form, order, stable ids, and nothing lost in silence.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { openSource, readSessionFile, readTestFile } from "../../../../src/lab/sources/index.ts";
import { readItem } from "../../../../src/catalog/line/read-item.ts";
import { WireEvent } from "../../../../src/ingest/wire.ts";
import type { Source, SourceEvent } from "../../../../src/lab/sources/index.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-sources-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function collect(source: Source): Promise<SourceEvent[]> {
  const events: SourceEvent[] = [];
  for await (const event of source.events()) events.push(event);
  return events;
}

const REES46 = [
  "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session",
  "2019-10-01 00:00:00 UTC,view,10,77,,shiseido,35.79,u1,s1",
  "2019-10-01 00:00:01 UTC,cart,11,78,appliances.iron,,0.00,u1,s1",
  "2019-10-01 00:00:01 UTC,cart,11,78,appliances.iron,,0.00,u1,s1",
  "2019-10-01 00:00:02 UTC,purchase,10,77,,shiseido,36.00,u1,s1",
  "2019-10-01 00:00:03 UTC,wish,10,77,,shiseido,36.00,u1,s1",
  "2019-10-01 00:00:04 UTC,view,10,77,,shis",
].join("\n");

describe("rees46", () => {
  it("yields GA4 events with price, brand and the finer category", async () => {
    const [view, cart, , purchase] = await collect(openSource("rees46", write("a.csv", REES46)));
    expect(view).toMatchObject({
      name: "view_item",
      timestamp: Date.UTC(2019, 9, 1),
      anonymous_id: "u1",
      session_id: "s1",
      items: [{ item_id: "10", price: 35.79, item_category: "77", item_brand: "shiseido" }],
      currency: "USD",
      consent: { analytics: true, personalization: true },
    });
    expect(cart?.items).toEqual([{ item_id: "11", quantity: 1, item_category: "appliances.iron" }]);
    expect(purchase).toMatchObject({ name: "purchase", value: 36 });
    expect(purchase?.transaction_id).toBeTruthy();
  });

  it("counts the rows that are no events, afresh on every pass", async () => {
    const source = openSource("rees46", write("b.csv", REES46));
    for (const _pass of [1, 2]) {
      expect(await collect(source)).toHaveLength(4);
      expect(source.skipped()).toEqual({
        "unknown event wish": 1,
        "line 7: The row has 6 cells, the header 9.": 1,
      });
    }
  });

  it("gives the same ids on every pass, zipped or not, and different ids to equal rows", async () => {
    const plain = await collect(openSource("rees46", write("c.csv", REES46)));
    const zipped = await collect(openSource("rees46", write("c.csv.gz", gzipSync(REES46))));
    const ids = plain.map((event) => event.event_id);
    expect(zipped.map((event) => event.event_id)).toEqual(ids);
    expect(new Set(ids).size).toBe(4);
  });

  it("keeps the last known price in the catalogue", async () => {
    const catalogue = await openSource("rees46", write("d.csv", REES46)).catalogue();
    expect(catalogue.find((item) => item.item_id === "10")).toMatchObject({ price: 36 });
  });
});

describe("retailrocket", () => {
  it("reads the cut form: unix seconds, category, session, no prices", async () => {
    const path = write(
      "rr.csv",
      "timestamp,visitor_id,event,item_id,category_id,session_id\n1441852593,1,view,5,9,3\n",
    );
    const [event] = await collect(openSource("retailrocket", path));
    expect(event).toMatchObject({ timestamp: 1_441_852_593_000, session_id: "3" });
    expect(event?.items).toEqual([{ item_id: "5", quantity: 1, item_category: "9" }]);
    expect(event).not.toHaveProperty("value");
  });

  it("reads the published form and brings it into event-time order", async () => {
    const path = write(
      "published.csv",
      [
        "timestamp,visitorid,event,itemid,transactionid",
        "1433221332117,1,view,5,",
        "1433221332000,2,transaction,6,4000",
        "1433221331000,2,addtocart,6,",
      ].join("\n"),
    );
    const events = await collect(openSource("retailrocket", path));
    expect(events.map((event) => event.name)).toEqual(["add_to_cart", "purchase", "view_item"]);
    expect(events[1]).toMatchObject({ transaction_id: "4000", timestamp: 1_433_221_332_000 });
  });
});

describe("sessions", () => {
  it("plays sessions as views whose time follows the file's order", async () => {
    const events = await collect(openSource("sessions", write("s.txt", "1 2\n\n3\n")));
    expect(events.map((event) => [event.session_id, event.items[0]?.item_id])).toEqual([
      ["session-1", "1"],
      ["session-1", "2"],
      ["session-2", "3"],
    ]);
    const times = events.map((event) => event.timestamp);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });

  it("reads test pairs and says which line is none", async () => {
    expect(await readTestFile(write("t.txt", "1 2\t3\n"))).toEqual([
      { context: ["1", "2"], target: "3" },
    ]);
    await expect(readTestFile(write("u.txt", "1\t2\n1 2\n"))).rejects.toThrow("Line 2 of");
    await expect(readSessionFile(write("v.txt", "1 2\t3\n"))).rejects.toThrow("holds test pairs");
  });

  it("says that a cut-off gzip file is damaged", async () => {
    const zipped = gzipSync("1 2 3\n".repeat(10_000));
    const path = write("cut.gz", zipped.subarray(0, zipped.length - 20));
    await expect(readSessionFile(path)).rejects.toThrow("damaged");
    await expect(collect(openSource("retailrocket", path))).rejects.toThrow(/damaged|no column/);
  });
});

it("yields events and items that the Worker's own schemas take", async () => {
  const source = openSource("rees46", write("wire.csv", REES46));
  for (const event of await collect(source)) {
    expect(WireEvent.parse(event)).toMatchObject({ event_id: event.event_id });
  }
  for (const item of await source.catalogue()) {
    const toMinor = (price: number) => Math.round(price * 100);
    expect(readItem(item, toMinor)).toMatchObject({
      value: { change: { item_id: item.item_id }, notes: [] },
    });
  }
});

it("names a missing file and an unknown source in one sentence", () => {
  expect(() => openSource("rees46", "/nowhere/x.csv")).toThrow(
    "There is no file at /nowhere/x.csv.",
  );
  expect(() => openSource("amazon", "/nowhere")).toThrow('There is no source "amazon"');
  expect(() => openSource("toString", "/nowhere")).toThrow("There is no source");
});
