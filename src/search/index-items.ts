// Keeps the full-text index at the catalogue's heels: what changed since the last look, in slices that can be cut off and
// done twice.
import { sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { splitBySize } from "../../durable/message-size.ts";
import { hashText } from "../catalog/hash.ts";
import { items } from "../catalog/schema.ts";
import { runBatch } from "../d1/run-batch.ts";
import { searchCursor, searchDocs } from "./schema.ts";
import { splitWords } from "./words.ts";

/** Items of one slice: descriptions of 20,000 characters stay within a Worker's memory. */
const SLICE_ITEMS = 500;
/** JSON in one statement's parameter, well below D1's 2 MB. Bytes. */
const CHUNK_BYTES = 700_000;

type Row = {
  item_id: string;
  title: string | null;
  brand: string | null;
  category: string | null;
  categories: string | null;
  description: string | null;
  attributes: string | null;
  gtin: string | null;
  deleted: number;
  changed: number;
  known: number | null;
};

/** Words of an item, folded and with spaces between them; and their hash. */
type Doc = {
  item_id: string;
  title: string;
  brand: string;
  category: string;
  body: string;
  words: number;
};

/** One slice; `done` where nothing is left to index. Of two that work at once one does nothing. */
export async function indexItems(database: D1Database): Promise<{ done: boolean; items: number }> {
  const from = await readCursor(database);
  const rows = await drizzle(database).all<Row>(sql`
    select i.item_id, title, brand, category, categories, description, attributes, gtin, deleted, changed, d.words as known
    from ${items} i left join ${searchDocs} d on d.item_id = i.item_id
    where changed > ${from} order by changed limit ${SLICE_ITEMS}`);
  const last = rows.at(-1);
  if (last === undefined) return { done: true, items: 0 };
  const gone = rows.filter(({ deleted, known }) => deleted === 1 && known !== null);
  const fresh = rows.flatMap((row) => {
    if (row.deleted === 1) return [];
    const doc = toDoc(row);
    return row.known === doc.words ? [] : [doc];
  });
  await runBatch(database, [
    sql`insert into ${searchCursor} (id, changed) values (1, ${from}) on conflict do nothing`,
    ...forget(fresh, gone, from),
    ...splitBySize(fresh, CHUNK_BYTES).flatMap((part) => write(part, from)),
    sql`update ${searchCursor} set changed = ${last.changed} where ${isAt(from)}`,
  ]);
  return { done: rows.length < SLICE_ITEMS, items: gone.length + fresh.length };
}

async function readCursor(database: D1Database): Promise<number> {
  const row = await drizzle(database).select().from(searchCursor).get();
  return row?.changed ?? 0;
}

/** Whether nobody else has indexed in between. */
const isAt = (changed: number): SQL => sql`(select changed from ${searchCursor}) = ${changed}`;

/** Takes back what is about to be written anew, and what is gone. */
function forget(again: readonly Doc[], gone: readonly Row[], from: number): SQL[] {
  const among = (rows: readonly { item_id: string }[]) =>
    sql`(select value from json_each(${JSON.stringify(rows.map(({ item_id }) => item_id))}))`;
  return [
    sql`delete from search_words where ${isAt(from)}
      and rowid in (select doc from ${searchDocs} where item_id in ${among([...again, ...gone])})`,
    sql`delete from ${searchDocs} where ${isAt(from)} and item_id in ${among(gone)}`,
  ];
}

function write(docs: readonly Doc[], from: number): SQL[] {
  const json = JSON.stringify(docs);
  const of = (field: string) => sql.raw(`json_extract(j.value, '$.${field}')`);
  return [
    sql`insert into ${searchDocs} (item_id, words)
      select ${of("item_id")}, ${of("words")} from json_each(${json}) j where ${isAt(from)}
      on conflict (item_id) do update set words = excluded.words`,
    sql`insert into search_words (rowid, title, brand, category, body)
      select d.doc, ${of("title")}, ${of("brand")}, ${of("category")}, ${of("body")}
      from json_each(${json}) j join ${searchDocs} d on d.item_id = ${of("item_id")} where ${isAt(from)}`,
  ];
}

function toDoc(row: Row): Doc {
  const doc = {
    item_id: row.item_id,
    title: join(row.title),
    brand: join(row.brand),
    category: join(row.category, ...readTexts(row.categories)),
    body: join(row.description, ...readTexts(row.attributes), row.gtin, row.item_id),
  };
  return { ...doc, words: hashText(JSON.stringify(doc)) };
}

const join = (...texts: readonly (string | null)[]): string =>
  texts.flatMap((text) => (text === null ? [] : splitWords(text))).join(" ");

/** The texts and numbers in a JSON value, at any depth. */
function readTexts(json: string | null): string[] {
  if (json === null) return [];
  const collect = (value: unknown): string[] => {
    if (typeof value === "string" || typeof value === "number") return [String(value)];
    return typeof value === "object" && value !== null
      ? Object.values(value).flatMap((part) => collect(part))
      : [];
  };
  return collect(JSON.parse(json));
}
