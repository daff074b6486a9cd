// From what a shopper typed to items with their relevance: full-text search in D1, slips forgiven, and what other
// shoppers went on to after the same search.
import { eq, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { findMeant, type KnownWord, type Meant } from "./correct-word.ts";
import { countShoppers } from "./shopper-bits.ts";
import { searchClicks, searchDocs } from "./schema.ts";
import { foldQuery, splitWords } from "./words.ts";

/** Words of a search that count. */
const MAX_WORDS = 12;
/** Words of the shop that are compared with one that was typed. */
const MAX_COMPARED = 4000;
/** Different shoppers who must have gone from a search to an item that its words would not find. */
const MIN_SHOPPERS = 2;
/** What a hit counts in title, brand, category and the rest. */
const WEIGHTS = sql.raw("8.0, 4.0, 4.0, 1.0");
/** What the shoppers who went from this search to the item add, times log(1 + shoppers); a good title has about 10. */
const CLICK_WEIGHT = 3;

export type Found = {
  /** Best first. */
  items: { item_id: string; score: number }[];
  /** Items that the words find, also beyond `items`. */
  total: number;
  /** What was looked for instead, where a word of the search was corrected. */
  corrected: string | null;
  /** Whether all words were found together; else items have some of them. */
  complete: boolean;
};

export async function findItems(database: D1Database, text: string, limit: number): Promise<Found> {
  const typed = splitWords(text).slice(0, MAX_WORDS);
  if (typed.length === 0) return { items: [], total: 0, corrected: null, complete: true };
  const [meant, clicks] = await Promise.all([
    readMeant(database, typed),
    readClicks(database, foldQuery(text)),
  ]);
  const corrected = meant.some((each) => each.corrected)
    ? meant.map(({ words, corrected }, i) => (corrected ? words[0] : typed[i])).join(" ")
    : null;
  const terms = meant.map(({ words }, i) => toTerm(typed[i] ?? "", words, i === typed.length - 1));
  const all = await match(database, terms.join(" AND "), limit);
  const complete = all.total > 0;
  const found =
    complete || terms.length === 1 ? all : await match(database, terms.join(" OR "), limit);
  const scores = new Map(found.hits.map(({ item_id, score }) => [item_id, score]));
  for (const { item_id, shoppers } of clicks) {
    const score = CLICK_WEIGHT * Math.log1p(shoppers);
    if (scores.has(item_id) || shoppers >= MIN_SHOPPERS)
      scores.set(item_id, (scores.get(item_id) ?? 0) + score);
  }
  const items = [...scores]
    .map(([item_id, score]) => ({ item_id, score }))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit);
  return { items, total: Math.max(found.total, items.length), corrected, complete };
}

/** Of each word what it may mean. One query for all. */
async function readMeant(database: D1Database, typed: readonly string[]): Promise<Meant[]> {
  const known = await drizzle(database).all<KnownWord & { word: number }>(
    sql.join(typed.map(selectCompared), sql` union all `),
  );
  return typed.map((word, index) =>
    findMeant(
      word,
      known.filter((entry) => entry.word === index),
      index < typed.length - 1,
    ),
  );
}

/** Words that begin with the same letter, most frequent first: a slip in the first letter is rare. */
function selectCompared(word: string, index: number): SQL {
  const first = String.fromCodePoint(word.codePointAt(0) ?? 0);
  const { length } = word;
  return sql`select * from (select ${index} as word, term, doc from search_vocabulary
    where term >= ${first} and term < ${`${first}\u{10ffff}`}
      and (abs(length(term) - ${length}) <= 2 or substr(term, 1, ${length}) = ${word})
    order by term = ${word} desc, doc desc limit ${MAX_COMPARED})`;
}

/** The last word may not be typed to its end. */
function toTerm(typed: string, meant: readonly string[], isLast: boolean): string {
  const alternatives = meant.map((word) => `"${word}"`);
  if (isLast || alternatives.length === 0) alternatives.push(`"${typed}"*`);
  return `(${alternatives.join(" OR ")})`;
}

/** The best hits, and of how many. */
async function match(database: D1Database, expression: string, limit: number) {
  const hits = await drizzle(database).all<{ item_id: string; score: number; total: number }>(sql`
    with hits as materialized (
      select rowid as doc, -bm25(search_words, ${WEIGHTS}) as score
      from search_words where search_words match ${expression})
    select item_id, score, (select count(*) from hits) as total
    from hits join ${searchDocs} d on d.doc = hits.doc order by score desc limit ${limit}`);
  return { hits, total: hits[0]?.total ?? 0 };
}

/** Items that different shoppers went on to, with how many those were. */
async function readClicks(database: D1Database, query: string) {
  const rows = await drizzle(database)
    .select()
    .from(searchClicks)
    .where(eq(searchClicks.query, query));
  const shoppers = new Map<string, number>();
  for (const row of rows)
    shoppers.set(row.item_id, (shoppers.get(row.item_id) ?? 0) | row.shoppers);
  return [...shoppers].map(([item_id, bits]) => ({ item_id, shoppers: countShoppers(bits) }));
}
