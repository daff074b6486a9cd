// Writes items to D1 and marks them as changed. Each statement takes its rows as one JSON parameter, since
// D1 allows no more than 100 bound parameters.
import { sql } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { ItemChange } from "./line/read-item.ts";
import { items } from "./schema.ts";
import { refreshStock } from "./stock-moves.ts";

/** Rows of one statement: about 300 kB of JSON, below D1's 2 MB a parameter, far below its 30 s a query. */
export const CHUNK_ROWS = 1000;
/** Characters of JSON after which a chunk is closed early, for items with large attributes. */
export const CHUNK_CHARACTERS = 500_000;

/** Columns that a change may set; `availability` and `hidden` have rules of their own. */
const PLAIN_FIELDS = [
  "item_group_id",
  "title",
  "description",
  "category",
  "categories",
  "brand",
  "gtin",
  "price",
  "sale_price",
  "cost",
  "stock",
  "attributes",
  "image_url",
  "url",
];
const FIELDS = [...PLAIN_FIELDS, "availability", "hidden"];

/** `$.field` of the change where it names the field, else what the living row has. */
function incoming(field: string): SQL {
  const path = sql.raw(`'$.${field}'`);
  const old = sql.raw(`old.${field}`);
  return sql`iif(json_type(j.value, ${path}) is null, ${old}, json_extract(j.value, ${path}))`;
}

/** Of the change where it names the stock, else what the living row has. */
const stockAt = (now: number) =>
  sql`iif(json_type(j.value, '$.stock') is null, coalesce(old.stock_at, 0), ${now})`;

/** A level that the change names is what the shop has counted. */
const TOLD = sql`iif(json_type(j.value, '$.stock') is null, old.stock_told, json_extract(j.value, '$.stock'))`;

/** A level above 0 without a word is news: it takes back an older word that there is none. */
const RESTOCKED = sql`iif(json_type(j.value, '$.availability') is null and old.availability = 'out_of_stock'
  and json_extract(j.value, '$.stock') > 0, null, ${incoming("availability")})`;

const columns = sql.raw(FIELDS.join(", "));
const sources = sql.join(
  [
    ...PLAIN_FIELDS.map((field) => incoming(field)),
    RESTOCKED,
    sql`coalesce(${incoming("hidden")}, 0)`,
  ],
  sql`, `,
);
const assignments = sql.raw(
  [...FIELDS, "stock_told", "stock_at", "created_at", "deleted", "changed"]
    .map((f) => `${f} = excluded.${f}`)
    .join(", "),
);
/**
 * A row that says nothing new is not written, so that a shop may send its whole feed every night; a level that is the
 * same as before keeps its earlier time, too.
 */
const differs = sql.raw(
  [...FIELDS, "created_at", "deleted"].map((f) => `excluded.${f} is not items.${f}`).join(" or "),
);

/**
 * Adds items or changes the given fields of those that exist; a deleted item starts anew. Of two changes
 * to one item the later wins, field by field. One statement, so all rows or none.
 */
export async function writeItems(
  database: D1Database,
  changes: readonly ItemChange[],
  now: number,
): Promise<void> {
  if (changes.length === 0) return;
  const merged = new Map<string, ItemChange>();
  for (const change of changes) {
    merged.set(change.item_id, { ...merged.get(change.item_id), ...change });
  }
  const json = JSON.stringify([...merged.values()]);
  await drizzle(database).run(sql`
    insert into ${items} (item_id, ${columns}, stock_told, stock_at, created_at, deleted, changed)
    select json_extract(j.value, '$.item_id'), ${sources}, ${TOLD}, ${stockAt(now)},
      coalesce(json_extract(j.value, '$.created_at'), old.created_at, ${now}), 0, ${nextChange(sql`j.key`)}
    from json_each(${json}) j
    left join ${items} old on old.item_id = json_extract(j.value, '$.item_id') and old.deleted = 0
    where true
    on conflict (item_id) do update set ${assignments} where ${differs}`);
}

/** `at`: when this was the level, ms since the epoch. */
export type Level = { item_id: string; stock: number | null; at: number };

/** Sets the stock of items that exist, where no newer level is known; answers with the ids that do not exist. */
export async function writeStock(
  database: D1Database,
  levels: readonly Level[],
): Promise<{ unknown: string[] }> {
  const json = JSON.stringify(levels);
  const db = drizzle(database);
  // As with lines of the catalogue: a level above 0 takes back an older word that there is none.
  const isBack = sql`(items.availability is 'out_of_stock' and coalesce(json_extract(j.value, '$.stock'), 0) > 0)`;
  await db.run(sql`
    update ${items} set stock = json_extract(j.value, '$.stock'), stock_told = json_extract(j.value, '$.stock'), stock_at = json_extract(j.value, '$.at'),
      availability = iif(${isBack}, null, items.availability),
      changed = iif(items.stock is json_extract(j.value, '$.stock') and not ${isBack}, items.changed, ${nextChange(sql`j.key`)})
    from json_each(${json}) j
    where items.item_id = json_extract(j.value, '$.item_id') and items.deleted = 0
      and items.stock_at <= json_extract(j.value, '$.at')`);
  // What has moved since is taken off again.
  await refreshStock(
    database,
    levels.map(({ item_id }) => item_id),
  );
  const missing = await db.all<{ item_id: string }>(sql`
    select json_extract(j.value, '$.item_id') as item_id from json_each(${json}) j
    where not exists (
      select 1 from ${items} where item_id = json_extract(j.value, '$.item_id') and deleted = 0)`);
  return { unknown: missing.map((row) => row.item_id) };
}

/** Leaves a tombstone. False where there was no such item. */
export async function deleteItem(database: D1Database, item_id: string): Promise<boolean> {
  const result = await drizzle(database).run(sql`
    update ${items} set deleted = 1, changed = ${nextChange(sql`0`)}
    where item_id = ${item_id} and deleted = 0`);
  return result.meta.changes > 0;
}

/** The `changed` of the row at index `offset` of this statement. D1 runs one statement at a time, so none comes twice. */
function nextChange(offset: SQL): SQL {
  return sql`(select coalesce(max(changed), 0) + 1 from items) + ${offset}`;
}
