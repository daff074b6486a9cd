// Nightly, after the export: reads new files back from R2 and holds them against D1, slice by slice. What differs
// is written again once; only what agrees may ever leave D1.
import { and, eq, gt, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import * as z from "zod";
import { erasures } from "../../log/schema.ts";
import type { CleanRow } from "../clean/event.ts";
import { emptyFilled } from "../clean/fill.ts";
import { defineJob, JobError, type JobDeps, type Slice } from "../run/job.ts";
import { exportParts } from "../run/schema.ts";
import { hashBytes, RowDigest } from "./digest.ts";
import { decodeRows } from "./parquet.ts";
import { EXPORTS_LEASE, listParts, noteParts, type Part } from "./parts.ts";
import { readPages, type Range } from "./slice.ts";
import { writeSlice } from "./write-slice.ts";
import { log } from "../../../durable/log-line.ts";

const State = z.object({
  /** Slices up to this `seq` have been judged by this run. */
  after: z.number(),
  /** The slice that was just written again, by its last `seq`. */
  rewritten: z.number().nullable(),
});

type State = z.infer<typeof State>;

export const verifyExports = defineJob<State>({
  name: "verify-exports",
  summary: "Reads new export files back and compares their rows and hashes with D1.",
  lease: EXPORTS_LEASE,
  state: State,
  begin: () => Promise.resolve({ after: 0, rewritten: null }),
  step: async (state, deps) => {
    const parts = await readNextSlice(deps.DB, state.after);
    const [first] = parts;
    if (first === undefined) return { done: true, state, counts: {} };
    const range = { from: first.from_seq, to: first.to_seq };
    const mismatch = await findMismatch(deps, range, parts);
    if (mismatch === null) {
      return {
        done: false,
        state: { after: range.to, rewritten: null },
        counts: { parts: parts.length, rows: sumRows(parts) },
        writes: [
          sql`update ${exportParts} set status = 'verified' where from_seq = ${range.from} and to_seq = ${range.to}`,
        ],
      };
    }
    log("error", "export_not_verified", { ...range, reason: mismatch });
    if (state.rewritten === range.to) {
      throw new JobError(
        `Rows ${range.from} to ${range.to} of the log cannot be exported faithfully: ${mismatch}`,
        "Nothing is lost, D1 keeps these rows. Check that nobody else writes to `exports/` in the bucket, then run verify-exports again.",
      );
    }
    return await rewrite(state, range, parts, deps);
  },
});

async function rewrite(
  state: State,
  range: Range,
  parts: readonly Part[],
  deps: JobDeps,
): Promise<Slice<State>> {
  const keys = parts.map(({ key }) => key);
  const written = await writeSlice(deps, range, keys, false);
  return {
    done: false,
    state: { ...state, rewritten: range.to },
    counts: { rewritten: 1 },
    writes: [
      sql`delete from ${exportParts} where from_seq = ${range.from} and to_seq = ${range.to}`,
      ...noteParts(written.parts),
    ],
  };
}

/** All files of the first slice that has one to be verified. */
async function readNextSlice(database: D1Database, after: number): Promise<Part[]> {
  const waiting = and(eq(exportParts.status, "written"), gt(exportParts.to_seq, after));
  const [next] = await drizzle(database)
    .select({ to_seq: sql<number | null>`min(to_seq)` })
    .from(exportParts)
    .where(waiting);
  const to = next?.to_seq ?? null;
  return to === null ? [] : await listParts(database, eq(exportParts.to_seq, to));
}

/** What is wrong with the slice's files, in a sentence, or null. */
async function findMismatch(
  { DB, BUCKET }: JobDeps,
  range: Range,
  parts: readonly Part[],
): Promise<string | null> {
  const rows: CleanRow[] = [];
  for (const { key, sha256, rows: expected } of parts) {
    const object = await BUCKET.get(key);
    if (object === null) return `${key} is not in the bucket.`;
    const bytes = await object.arrayBuffer();
    if ((await hashBytes(bytes)) !== sha256) return `${key} is not the file that was written.`;
    const read = await decodeRows(bytes);
    if (read.length !== expected) return `${key} has ${read.length} rows, not ${expected}.`;
    rows.push(...read);
  }
  const stored = await digestLog(DB, range);
  const exported = await digestRows(await withoutErased(DB, rows));
  if (stored.rows !== exported.rows)
    return `D1 has ${stored.rows} rows, the export ${exported.rows}.`;
  return stored.sha256 === exported.sha256 ? null : "a row in the export is not as D1 has it.";
}

/** Rows of shoppers erased since they were read; the erasure job takes them out of the files. */
async function withoutErased(
  database: D1Database,
  rows: readonly CleanRow[],
): Promise<readonly CleanRow[]> {
  const shoppers = JSON.stringify([...new Set(rows.map(({ shopper }) => shopper))]);
  const found = await drizzle(database)
    .select()
    .from(erasures)
    .where(sql`shopper in (select value from json_each(${shoppers}))`);
  const erased = new Map(found.map(({ shopper, erased_at }) => [shopper, erased_at]));
  return rows.filter((row) => row.received_at > (erased.get(row.shopper) ?? -Infinity));
}

async function digestLog(database: D1Database, range: Range) {
  const digest = new RowDigest();
  for await (const page of readPages(database, range)) await digest.add(page);
  return { rows: digest.rows, sha256: await digest.finish() };
}

async function digestRows(rows: readonly CleanRow[]) {
  const digest = new RowDigest();
  await digest.add(rows.toSorted((a, b) => a.seq - b.seq).map(emptyFilled));
  return { rows: digest.rows, sha256: await digest.finish() };
}

function sumRows(parts: readonly Part[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}
