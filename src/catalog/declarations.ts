// What the shop declared, in D1: rules by surface, and experiments. Bodies are JSON text; who reads them judges them.
import { asc, desc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { runBatch } from "../d1/run-batch.ts";
import { experiments, ruleChanges, surfaceRules } from "./schema.ts";

/** Changes that are remembered of each surface. */
const KEPT_RULES = 50;

export type Declarations = {
  rules: { surface: string; body: string }[];
  /** The oldest first. */
  experiments: { experiment_id: string; body: string }[];
};

/** Everything at once, as isolates poll it: both tables are small. */
export async function readDeclarations(database: D1Database): Promise<Declarations> {
  const db = drizzle(database);
  const [rules, declared] = await db.batch([
    db.select({ surface: surfaceRules.surface, body: surfaceRules.body }).from(surfaceRules),
    db
      .select({ experiment_id: experiments.experiment_id, body: experiments.body })
      .from(experiments)
      .orderBy(asc(experiments.created_at), asc(experiments.experiment_id)),
  ]);
  return { rules, experiments: declared };
}

export async function readRules(database: D1Database, surface: string) {
  const query = drizzle(database).select().from(surfaceRules);
  return (await query.where(eq(surfaceRules.surface, surface)).get()) ?? null;
}

export async function writeRules(
  database: D1Database,
  surface: string,
  body: string,
  now: number,
): Promise<void> {
  await runBatch(database, [
    sql`insert into ${surfaceRules} (surface, body, changed_at) values (${surface}, ${body}, ${now})
      on conflict (surface) do update set body = excluded.body, changed_at = excluded.changed_at`,
    sql`insert into ${ruleChanges} (surface, body, changed_at) values (${surface}, ${body}, ${now})`,
    sql`delete from ${ruleChanges} where surface = ${surface} and change_id <= (
      select change_id from ${ruleChanges} where surface = ${surface}
      order by change_id desc limit 1 offset ${KEPT_RULES})`,
  ]);
}

/** What was declared for a surface, the latest first: what holds, and what held before. */
export async function readRuleChanges(database: D1Database, surface: string) {
  return await drizzle(database)
    .select({ body: ruleChanges.body, changed_at: ruleChanges.changed_at })
    .from(ruleChanges)
    .where(eq(ruleChanges.surface, surface))
    .orderBy(desc(ruleChanges.change_id));
}

export async function readExperimentRow(database: D1Database, experiment_id: string) {
  const query = drizzle(database).select().from(experiments);
  return (await query.where(eq(experiments.experiment_id, experiment_id)).get()) ?? null;
}

/**
 * False where a running experiment would share a surface with another, or a shadow with another shadow: then nothing is
 * written. One statement, so two at the same moment cannot both win.
 *
 * @param declared `surfaces` only of one that runs; [] for a stopped one
 */
export async function writeExperiment(
  database: D1Database,
  declared: { experiment_id: string; body: string; kind: string; surfaces: readonly string[] },
  now: number,
): Promise<boolean> {
  const { experiment_id, body, kind, surfaces } = declared;
  const result = await drizzle(database).run(sql`
    insert into ${experiments} (experiment_id, body, created_at, changed_at)
    select ${experiment_id}, ${body}, ${now}, ${now}
    where not exists (
      select 1 from ${experiments} other, json_each(other.body, '$.surfaces') taken
      where other.experiment_id <> ${experiment_id} and other.body ->> '$.status' = 'running'
        and (other.body ->> '$.kind' is 'shadow') = ${kind === "shadow" ? 1 : 0}
        and taken.value in (select value from json_each(${JSON.stringify(surfaces)})))
    on conflict (experiment_id) do update set body = excluded.body, changed_at = excluded.changed_at`);
  return result.meta.changes > 0;
}
