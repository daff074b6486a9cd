// What was shown before it was kept a list at a time is there after the migration, item by item.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { expect, it } from "vitest";

const BEFORE = 10;
const COLUMNS =
  "recommendation_id, position, item_id, shopper, surface, model_version, source, score, timestamp, experiment, variant";

it("keeps every impression", async () => {
  await applyD1Migrations(env.DB, env.D1_MIGRATIONS.slice(0, BEFORE));
  const item = (id: string, index: number, at: number, ...[experiment, variant]: string[]) =>
    [id, index, `${id}${index}`, "s", "home", variant ? "m" : null, "trending", 0.5, at].concat(
      experiment ?? null,
      variant ?? null,
    );
  const rows = [
    // Two pages, the second one without its middle; a list of two variants.
    ...[0, 1, 2].map((index) => item("a", index, 5)),
    ...[3, 5].map((index) => item("a", index, 9)),
    item("b", 0, 5, "e", "control"),
    item("b", 1, 5, "e", "other"),
  ];
  const insert = env.DB.prepare(
    `insert into impressions (${COLUMNS}) values (${COLUMNS.replaceAll(/\w+/g, "?")})`,
  );
  await env.DB.batch(rows.map((row) => insert.bind(...row)));
  await applyD1Migrations(env.DB, env.D1_MIGRATIONS);
  const after = await env.DB.prepare(
    `select ${COLUMNS} from impressions order by recommendation_id, position`,
  ).raw();
  expect(after).toEqual(rows);
  const lists = await env.DB.prepare("select recommendation_id as id, first from shown_lists").all<{
    id: string;
    first: number;
  }>();
  expect(lists.results).toHaveLength(4);
});
