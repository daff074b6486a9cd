// Hourly: the catalogue as Parquet in R2, so that readers of the export find what they need to know about items.
// A snapshot is a set of files under one name; `current.json` names the last complete one, and older ones go.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { parquetWriteBuffer, type BasicType } from "hyparquet-writer";
import * as z from "zod";
import { readItemPage } from "../../catalog/read-items.ts";
import { items, type ItemRow } from "../../catalog/schema.ts";
import { defineJob, type JobDeps, type Slice } from "../run/job.ts";

const FOLDER = "exports/items";
/** Items of one file and one slice. */
const PAGE_ITEMS = 5000;

const COLUMNS: { name: keyof ItemRow; type: BasicType }[] = [
  { name: "item_id", type: "STRING" },
  { name: "item_group_id", type: "STRING" },
  { name: "title", type: "STRING" },
  { name: "description", type: "STRING" },
  { name: "category", type: "STRING" },
  { name: "categories", type: "STRING" },
  { name: "brand", type: "STRING" },
  { name: "gtin", type: "STRING" },
  { name: "price", type: "INT64" },
  { name: "sale_price", type: "INT64" },
  { name: "cost", type: "INT64" },
  { name: "stock", type: "DOUBLE" },
  { name: "availability", type: "STRING" },
  { name: "hidden", type: "BOOLEAN" },
  { name: "attributes", type: "STRING" },
  { name: "created_at", type: "TIMESTAMP" },
];

const State = z.object({
  /** The table's last change when the run began; it names the snapshot. */
  version: z.number(),
  /** The version that is complete, 0 for none. */
  complete: z.number(),
  after: z.string(),
  parts: z.number(),
});

type State = z.infer<typeof State>;

export const exportCatalogue = defineJob<State>({
  name: "export-catalogue",
  summary: "Writes the catalogue to R2 as Parquet when it has changed.",
  state: State,
  begin: async (last, { DB }) => ({
    version: await readVersion(DB),
    complete: last?.complete ?? 0,
    after: "",
    parts: 0,
  }),
  step: async (state, deps): Promise<Slice<State>> => {
    if (state.version === state.complete) return { done: true, state, counts: {} };
    const page = await readItemPage(deps.DB, state.after, PAGE_ITEMS);
    const folder = `${FOLDER}/version=${state.version}`;
    if (page.length > 0) {
      const key = `${folder}/part-${String(state.parts).padStart(5, "0")}.parquet`;
      await deps.BUCKET.put(key, encodeItems(page));
    }
    const parts = state.parts + (page.length > 0 ? 1 : 0);
    const after = page.at(-1)?.item_id ?? state.after;
    const done = page.length < PAGE_ITEMS;
    if (done) await publish(deps, folder, parts);
    const whole = done ? state.version : state.complete;
    return {
      done,
      state: { ...state, after, parts, complete: whole },
      counts: { items: page.length },
    };
  },
});

async function readVersion(database: D1Database): Promise<number> {
  const [row] = await drizzle(database).all<{ version: number | null }>(
    sql`select max(changed) as version from ${items}`,
  );
  return row?.version ?? 0;
}

function encodeItems(page: readonly ItemRow[]): ArrayBuffer {
  const columnData = COLUMNS.map(({ name, type }) => ({
    name,
    type,
    data: page.map((item) => toCell(item[name], type)),
  }));
  return parquetWriteBuffer({ columnData, rowGroupSize: PAGE_ITEMS, createdBy: "millrace" });
}

function toCell(value: ItemRow[keyof ItemRow], type: BasicType) {
  if (typeof value !== "number" || type === "DOUBLE") return value;
  return type === "TIMESTAMP" ? new Date(value) : BigInt(value);
}

/** Names the snapshot, then drops the others. */
async function publish({ BUCKET }: JobDeps, folder: string, parts: number): Promise<void> {
  await BUCKET.put(`${FOLDER}/current.json`, JSON.stringify({ folder, parts }));
  const { objects } = await BUCKET.list({ prefix: `${FOLDER}/version=` });
  const old = objects.map(({ key }) => key).filter((key) => !key.startsWith(`${folder}/`));
  if (old.length > 0) await BUCKET.delete(old);
}
