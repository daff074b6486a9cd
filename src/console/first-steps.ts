// How far a new shop has come.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { items, surfaceRules } from "../catalog/schema.ts";
import { events, shownLists } from "../log/schema.ts";

export type FirstSteps = { items: number; events: number; lists: number; rules: number };

/** Numbers of rows, up to `MOST`: whoever has more is beyond first steps. */
const MOST = 1000;

export async function readFirstSteps(database: D1Database): Promise<FirstSteps> {
  const [steps] = await drizzle(database).all<FirstSteps>(sql`
    select (select count(*) from (select 1 from ${items} where not deleted limit ${MOST})) as items,
      (select count(*) from (select 1 from ${events} limit ${MOST})) as events,
      (select count(*) from (select 1 from ${shownLists} limit ${MOST})) as lists,
      (select count(*) from (select 1 from ${surfaceRules} limit ${MOST})) as rules`);
  if (steps === undefined) throw new Error("D1 answered a count with no row.");
  return steps;
}
