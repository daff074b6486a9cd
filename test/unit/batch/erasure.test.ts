// A shopper who asks to be forgotten in the middle of the loop, at every point of a night: what comes later, by the real
// jobs in workerd and the trainer's real download, knows nothing of that shopper.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { decodeRows } from "../../../src/batch/export/parquet.ts";
import { readExports } from "../../../src/learn/read-exports.ts";
import { syncExports } from "../../../src/learn/fetch/sync-exports.ts";
import { openTestWorker } from "../../support/bench-worker.ts";
import { pollUntil } from "../../support/poll.ts";

const START = Date.UTC(2026, 0, 10);
const DAY = 86_400_000;
const WAIT_MS = 120_000;
const NIGHT = ["erase-exports", "roll-up", "export-events", "verify-exports", "request-retraining"];
/** Notes of who was erased, which keep what is still on its way out. */
const NOTES = new Set(["erasures", "exported_erasures"]);

/** When each of them asks to be forgotten: before the second night's job of that name, or behind it all. */
const LEAVING = {
  "before the export": "erase-exports",
  "while the export runs": "export-events",
  "before it is verified": "verify-exports",
  "before the trainer is told": "request-retraining",
  "before the trainer comes": null,
} as const;
const WHO = Object.keys(LEAVING);
const BOT = "a bot who is forgotten, too";

const { worker, client, folder } = await openTestWorker();

function makeDay(day: number) {
  return [...WHO, "somebody who stays"].flatMap((who, index) =>
    [0, 1, 2].map((click) => ({
      event_id: `${who} ${day} ${click}`,
      name: "view_item",
      timestamp: START + day * DAY + index * 60_000 + click * 1000,
      anonymous_id: who,
      items: [{ item_id: `item-${click}`, price: 10 }],
    })),
  );
}

/** More than a person can: cleaning sets it aside. */
const BURST = Array.from({ length: 200 }, (_, index) => ({
  event_id: `burst ${index}`,
  name: "view_item",
  timestamp: START + index,
  anonymous_id: BOT,
  items: [{ item_id: "item-0" }],
}));

async function send(events: readonly object[], rows: number): Promise<void> {
  for (let from = 0; from < events.length; from += 100) {
    const body = JSON.stringify({ events: events.slice(from, from + 100) });
    expect((await client.api.send("POST", "/v1/events", body)).status).toBe(202);
  }
  await pollUntil("the log has all rows", WAIT_MS, async () => {
    const { body } = await client.api.send("GET", "/v1/stats");
    return Object(body).event_rows === rows ? true : null;
  });
}

async function forget(who: string): Promise<string[]> {
  const path = `/v1/shoppers/${encodeURIComponent(who)}?id_type=anonymous`;
  const { status, body } = await client.api.send("DELETE", path);
  expect(status).toBe(200);
  return Object(body).erased;
}

/** Everything that the bucket holds, Parquet as the text of its rows; by key. */
async function readBucket(): Promise<Map<string, string>> {
  const { bucket } = worker.storage;
  const { objects } = await bucket.list();
  const texts = new Map<string, string>();
  for (const { key } of objects) {
    const bytes = await (await bucket.get(key))?.arrayBuffer();
    if (bytes === undefined) continue;
    const isTable = key.endsWith(".parquet") && !key.startsWith("exports/items/");
    const text = isTable
      ? JSON.stringify(await decodeRows(bytes))
      : new TextDecoder("latin1").decode(bytes);
    texts.set(key, text);
  }
  return texts;
}

/** Every row of every table of D1 as text, but the notes; by table. */
async function readDatabase(): Promise<Map<string, string>> {
  const { database } = worker.storage;
  const { results } = await database
    .prepare(
      "select name from sqlite_master where type = 'table' and name not like '\\_%' escape '\\'",
    )
    .all<{ name: string }>();
  const texts = new Map<string, string>();
  for (const { name } of results.filter((table) => !NOTES.has(table.name))) {
    const rows = await database.prepare(`select * from "${name}"`).all();
    texts.set(name, JSON.stringify(rows.results));
  }
  return texts;
}

function readLocal(): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => name.endsWith(".parquet"));
  return new Map(files.map((name) => [name, readFileSync(join(folder, name))]));
}

async function readTrainingSet(): Promise<{ text: string; sessions: number }> {
  const { parts, minorUnits } = await syncExports(client, folder);
  const paths = parts.map(({ path }) => path);
  const { events, data } = await readExports(paths, { catalogue: [], minorUnits, most: 0 });
  return { text: JSON.stringify(events), sessions: data.sessions.length };
}

const listHolders = (texts: ReadonlyMap<string, string>, gone: readonly string[]) =>
  [...texts].filter(([, text]) => gone.some((one) => text.includes(one))).map(([name]) => name);

it("forgets whoever asks, whenever in the night it is", { timeout: WAIT_MS }, async () => {
  await send([...makeDay(0), ...BURST], 3 * (WHO.length + 1) + BURST.length);
  for (const job of NIGHT) await client.runJob(job);
  const before = await readTrainingSet();
  expect(before.sessions).toBe(WHO.length + 1 + 1);
  const learned = readLocal();
  expect(learned.size).toBe(1);

  await send(makeDay(1), 2 * 3 * (WHO.length + 1) + BURST.length);
  const gone: string[] = [];
  for (const job of [...NIGHT, null]) {
    for (const [who, when] of Object.entries(LEAVING)) {
      if (when === job) gone.push(...(await forget(who)));
    }
    if (job === null) gone.push(...(await forget(BOT)));
    else await client.runJob(job);
  }
  expect(new Set(gone).size).toBe(WHO.length + 1);
  // The test can see what it looks for: some of them were exported before they asked.
  expect(listHolders(await readBucket(), gone).length).toBeGreaterThan(0);
  expect(before.text).toContain(gone[0]);

  const after = await readTrainingSet();
  expect(after.sessions).toBe(2);
  expect(gone.filter((one) => after.text.includes(one))).toEqual([]);
  expect(listHolders(await readBucket(), gone)).toEqual([]);
  expect(listHolders(await readDatabase(), gone)).toEqual([]);
  for (const [name, bytes] of readLocal())
    expect(bytes.equals(learned.get(name) ?? bytes) && learned.has(name)).toBe(false);

  for (const job of NIGHT) await client.runJob(job);
  expect(listHolders(await readBucket(), gone)).toEqual([]);
  expect((await readTrainingSet()).sessions).toBe(2);
});
