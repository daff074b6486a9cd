// Hourly: shoppers who asked to be forgotten leave the exports too. Files that hold them are written anew without
// them; a Bloom filter in each file spares reading those that never heard of them.
import { and, asc, gt, isNull, lt, lte, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import * as z from "zod";
import { erasures } from "../../log/schema.ts";
import { countSteps } from "../clean/clean.ts";
import type { CleanRow } from "../clean/event.ts";
import { defineJob, type JobDeps, type Slice } from "../run/job.ts";
import { exportedErasures, exportParts, exportSessions } from "../run/schema.ts";
import { hashBytes } from "./digest.ts";
import { decodeRows, encodeRows, mayHold } from "./parquet.ts";
import { openRanges } from "./open-ranges.ts";
import {
  EXPORTS_LEASE,
  listParts,
  putPart,
  readPartCounts,
  writeManifest,
  type Part,
} from "./parts.ts";
import { spanOf } from "./write-slice.ts";

/** Shoppers of one pass over the files. */
const SHOPPERS = 500;
/** Files of one slice: each is two small reads, and those that hold a shopper a few seconds of work. */
const PARTS = 5;
/** Clocks of two isolates agree to within this, ms. */
const CLOCKS = 60_000;

const State = z.object({
  /** Pseudonyms of this pass with the time of the erasure; none between passes. */
  erased: z.array(z.tuple([z.string(), z.number()])),
  /** The last file that was looked at. */
  after: z.string(),
});

type State = z.infer<typeof State>;
type Erased = ReadonlyMap<string, number>;

export const eraseExports = defineJob<State>({
  name: "erase-exports",
  summary: "Takes shoppers who were erased out of the exported files.",
  lease: EXPORTS_LEASE,
  state: State,
  begin: async (_, { DB }) => ({ erased: await listPending(DB, ""), after: "" }),
  step: async (state, deps) => {
    if (state.erased.length === 0) return { done: true, state, counts: {} };
    const parts = await listNext(deps.DB, state);
    return parts.length === 0 ? await endPass(state, deps) : await lookAt(parts, state, deps);
  },
});

/** Erasures that have not reached the exports, in order of the pseudonym. */
async function listPending(database: D1Database, after: string): Promise<[string, number][]> {
  const rows = await drizzle(database)
    .select({ shopper: erasures.shopper, erased_at: erasures.erased_at })
    .from(erasures)
    .leftJoin(exportedErasures, sql`${exportedErasures.shopper} = ${erasures.shopper}`)
    .where(
      and(
        gt(erasures.shopper, after),
        or(isNull(exportedErasures.erased_at), lt(exportedErasures.erased_at, erasures.erased_at)),
      ),
    )
    .orderBy(asc(erasures.shopper))
    .limit(SHOPPERS);
  return rows.map(({ shopper, erased_at }) => [shopper, erased_at]);
}

/** Files read after the last erasure of the pass cannot hold any of these shoppers' forgotten rows. */
async function listNext(database: D1Database, { erased, after }: State): Promise<Part[]> {
  const last = Math.max(...erased.map(([, erased_at]) => erased_at));
  const where = and(gt(exportParts.key, after), lte(exportParts.read_at, last + CLOCKS));
  const parts = await listParts(database, where ?? sql`false`);
  return parts.slice(0, PARTS);
}

async function lookAt(parts: readonly Part[], state: State, deps: JobDeps): Promise<Slice<State>> {
  const erased = new Map(state.erased);
  const changed: Part[] = [];
  let rows = 0;
  for (const part of parts) {
    const rewritten = await rewritePart(part, erased, deps);
    if (rewritten === null) continue;
    rows += part.rows - rewritten.rows;
    changed.push(rewritten);
    await writeManifest(
      deps,
      part.kind,
      part.dt,
      changed.filter(({ dt, kind }) => dt === part.dt && kind === part.kind),
    );
  }
  return {
    done: false,
    state: { ...state, after: parts.at(-1)?.key ?? state.after },
    counts: { parts_seen: parts.length, parts_rewritten: changed.length, rows_erased: rows },
    writes: changed.map(
      (part) => sql`update ${exportParts} set rows = ${part.rows}, bytes = ${part.bytes},
        sha256 = ${part.sha256}, min_time = ${part.min_time}, max_time = ${part.max_time},
        counts = ${part.counts}, written_at = ${part.written_at} where key = ${part.key}`,
    ),
  };
}

/** Null where the file is as it should be. A file that an earlier try wrote and did not note is noted. */
async function rewritePart(part: Part, erased: Erased, deps: JobDeps): Promise<Part | null> {
  const file = await openRanges(deps.BUCKET, part.key);
  if (file === null) return null;
  const noted = file.sha256 === part.sha256;
  if (noted && !(await mayHold(file, [...erased.keys()]))) return null;
  const before = await decodeRows(await file.readAll());
  const rows = before.filter((row) => row.received_at > (erased.get(row.shopper) ?? -Infinity));
  if (noted && rows.length === before.length) return null;
  const bytes = encodeRows(rows, deps.money);
  const rewritten: Part = {
    ...part,
    rows: rows.length,
    bytes: bytes.byteLength,
    sha256: await hashBytes(bytes),
    ...spanOf(rows),
    counts: recount(part, rows),
    written_at: deps.clock(),
  };
  await putPart(deps.BUCKET, rewritten, bytes);
  return rewritten;
}

/** Why rows were set aside is told of the whole file: as no row says it, it stays as it was at most. */
function recount(part: Part, rows: readonly CleanRow[]): string {
  const verdicts = Object.entries(readPartCounts(part)).map(([step, count]): [string, number] => [
    step,
    Math.min(count, rows.length),
  ]);
  return JSON.stringify({ ...Object.fromEntries(verdicts), ...countSteps(rows) });
}

async function endPass({ erased }: State, { DB }: JobDeps): Promise<Slice<State>> {
  const list = JSON.stringify(erased);
  const more = await listPending(DB, erased.at(-1)?.[0] ?? "");
  return {
    done: more.length === 0,
    state: { erased: more, after: "" },
    counts: { shoppers: erased.length },
    writes: [
      sql`insert into ${exportedErasures} (shopper, erased_at)
        select value ->> 0, value ->> 1 from json_each(${list}) where true
        on conflict (shopper) do update set erased_at = excluded.erased_at`,
      sql`delete from ${exportSessions} where shopper in (select value ->> 0 from json_each(${list}))`,
    ],
  };
}
