// The files of the export: D1 has a row for each, R2 the bytes and, for each day, a manifest made from those rows.
import { and, asc, eq, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Counts } from "../run/job.ts";
import { exportParts } from "../run/schema.ts";

export type Part = typeof exportParts.$inferSelect;
export type PartKind = Part["kind"];
/** A part as its writing left it. */
export type NewPart = Omit<Part, "status">;

const PREFIX = { events: "exports/events", set_aside: "exports/set-aside" } as const;
/** Jobs that write or judge the same files take turns. */
export const EXPORTS_LEASE = "exports";
/** Digits of a `seq` in a file's name, so that names sort as numbers do. */
const SEQ_DIGITS = 12;

export function dayFolder(kind: PartKind, dt: string): string {
  return `${PREFIX[kind]}/dt=${dt}`;
}

export function partKey(
  kind: PartKind,
  dt: string,
  { from, to }: { from: number; to: number },
): string {
  const [first, last] = [from, to].map((seq) => String(seq).padStart(SEQ_DIGITS, "0"));
  return `${dayFolder(kind, dt)}/part-${first}-${last}.parquet`;
}

/** The file's name within its day. */
export function nameOf({ key }: Pick<Part, "key">): string {
  return key.slice(key.lastIndexOf("/") + 1);
}

/** UTC day of a time in ms, YYYY-MM-DD. */
export function dayOf(timestamp: number): string {
  return new Date(timestamp).toISOString().slice(0, 10);
}

export function readPartCounts({ counts }: Pick<Part, "counts">): Counts {
  const read: Counts = JSON.parse(counts);
  return read;
}

export async function listParts(database: D1Database, where: SQL): Promise<Part[]> {
  return await drizzle(database)
    .select()
    .from(exportParts)
    .where(where)
    .orderBy(asc(exportParts.key));
}

async function listDay(database: D1Database, kind: PartKind, dt: string): Promise<Part[]> {
  const day = and(eq(exportParts.kind, kind), eq(exportParts.dt, dt));
  return await listParts(database, day ?? sql`false`);
}

/** Puts the bytes into R2, which checks their hash on arrival. */
export async function putPart(
  bucket: R2Bucket,
  { key, sha256, rows }: Pick<Part, "key" | "sha256" | "rows">,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await bucket.put(key, bytes, {
    sha256,
    httpMetadata: { contentType: "application/vnd.apache.parquet" },
    customMetadata: { rows: String(rows) },
  });
}

const COLUMNS = [
  "key",
  "kind",
  "dt",
  "from_seq",
  "to_seq",
  "rows",
  "bytes",
  "sha256",
  "min_time",
  "max_time",
  "counts",
  "read_at",
  "written_at",
] as const;

const columns = sql.raw([...COLUMNS, "status"].join(", "));
const assignments = sql.raw(
  [...COLUMNS, "status"]
    .filter((name) => name !== "key")
    .map((name) => `${name} = excluded.${name}`)
    .join(", "),
);

/** Notes parts as written; one that is there already is replaced. */
export function noteParts(parts: readonly NewPart[]): SQL[] {
  if (parts.length === 0) return [];
  const rows = parts.map((part) => COLUMNS.map((column) => part[column]));
  const cells = sql.raw(COLUMNS.map((_, index) => `value ->> ${index}`).join(", "));
  return [
    sql`insert into ${exportParts} (${columns})
      select ${cells}, 'written' from json_each(${JSON.stringify(rows)}) where true
      on conflict (key) do update set ${assignments}`,
  ];
}

/** Writes the manifest of a day: `changed` parts take the place of the same ones in D1. */
export async function writeManifest(
  { DB, BUCKET }: { DB: D1Database; BUCKET: R2Bucket },
  kind: PartKind,
  dt: string,
  changed: readonly NewPart[],
): Promise<void> {
  const known = new Map<string, NewPart>();
  for (const part of await listDay(DB, kind, dt)) known.set(part.key, part);
  for (const part of changed) known.set(part.key, part);
  const parts = [...known.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  // The name begins with _, so that readers of the folder do not take it for data.
  await BUCKET.put(
    `${dayFolder(kind, dt)}/_manifest.json`,
    JSON.stringify({ dt, ...sumParts(parts), parts: parts.map(describePart) }, null, 2),
    { httpMetadata: { contentType: "application/json" } },
  );
}

export function sumParts(parts: readonly NewPart[]) {
  const cleaning: Record<string, number> = {};
  for (const part of parts) {
    for (const [step, count] of Object.entries(readPartCounts(part)))
      cleaning[step] = (cleaning[step] ?? 0) + count;
  }
  const times = parts.flatMap(({ min_time, max_time }) => [min_time, max_time]);
  const known = times.filter((time) => time !== null);
  return {
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    min_time: known.length === 0 ? null : new Date(Math.min(...known)).toISOString(),
    max_time: known.length === 0 ? null : new Date(Math.max(...known)).toISOString(),
    cleaning,
  };
}

function describePart(part: NewPart) {
  const { rows, bytes, sha256, from_seq, to_seq } = part;
  return { name: nameOf(part), from_seq, to_seq, sha256, ...sumParts([part]), rows, bytes };
}
