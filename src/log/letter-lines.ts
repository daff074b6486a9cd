// Takes what is about some shoppers out of dead letters, and leaves what is about others.
import { sql, type SQL } from "drizzle-orm";
import { deadLetters, erasures } from "./schema.ts";

const FIELDS = ["entries", "rows"] as const;

/** A line of a message: an entry of the log, or a row of what was shown. */
const LINE = sql.raw("line.value");

/** Out of every letter, the lines in which one of these pseudonyms stands; and letters that are no message of ours. */
export function dropLinesOf(shoppers: readonly string[]): SQL[] {
  const list = sql`json_each(${JSON.stringify(shoppers)}) who`;
  const names = (text: SQL) =>
    sql`exists (select 1 from ${list} where instr(${text}, who.value) > 0)`;
  return [
    ...FIELDS.map((field) => dropLines(field, names(LINE), names(sql`body`))),
    sql`delete from ${deadLetters} where ${names(sql`body`)}`,
  ];
}

/** Out of these letters, the lines that are of before the erasure of their shopper. */
export function dropErasedLines(message_ids: readonly string[]): SQL[] {
  const isOurs = sql`message_id in (select value from json_each(${JSON.stringify(message_ids)}))`;
  const isGone = (text: SQL) => sql`exists (select 1 from ${erasures}
    where shopper in (${text} ->> 'shopper', ${text} ->> 'linked_from')
      and erased_at >= coalesce(${text} ->> 'received_at', ${text} ->> 'timestamp', ${text} ->> 'at', 0))`;
  return [
    ...FIELDS.map((field) => dropLines(field, isGone(LINE), isOurs)),
    sql`delete from ${deadLetters} where ${isOurs} and ${isGone(sql`body`)}`,
  ];
}

function dropLines(field: (typeof FIELDS)[number], isGone: SQL, where: SQL): SQL {
  const path = sql.raw(`'$.${field}'`);
  return sql`update ${deadLetters} set body = json_set(body, ${path}, (
      select json_group_array(json(${LINE})) from json_each(body, ${path}) line where not ${isGone}))
    where json_type(body, ${path}) = 'array' and ${where}`;
}
