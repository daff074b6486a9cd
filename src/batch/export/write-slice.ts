// Writes one slice of the log into R2: cleaned, one Parquet file for each day and kind, each with its manifest.
// To do it twice writes the same files again.
import { cleanRows, countSteps, type Cleaned } from "../clean/clean.ts";
import type { CarriedSession, CleanRow } from "../clean/event.ts";
import type { Counts, JobDeps } from "../run/job.ts";
import { hashBytes } from "./digest.ts";
import { encodeRows } from "./parquet.ts";
import { dayOf, partKey, putPart, writeManifest, type NewPart, type PartKind } from "./parts.ts";
import { readCarried, readFacts, readSlice, type Range } from "./slice.ts";

type Group = { kind: PartKind; dt: string; rows: CleanRow[]; verdicts: Record<string, number> };

export type WrittenSlice = { parts: NewPart[]; sessions: CarriedSession[]; counts: Counts };

/**
 * @param planned keys that an earlier try may have written; those that are not written now are deleted
 * @param carries whether sessions go on from the slice before; false for a slice that is written again later
 */
export async function writeSlice(
  deps: JobDeps,
  range: Range,
  planned: readonly string[],
  carries: boolean,
): Promise<WrittenSlice> {
  const read_at = deps.clock();
  const rows = await readSlice(deps.DB, range);
  const carried = carries ? await readCarried(deps.DB, rows) : new Map<string, CarriedSession>();
  const cleaned = cleanRows(rows, carried, await readFacts(deps.DB, rows));
  const parts: NewPart[] = [];
  for (const group of groupByDay(cleaned)) {
    const { kind, dt, rows, verdicts } = group;
    const bytes = encodeRows(rows, deps.money);
    const part: NewPart = {
      key: partKey(kind, dt, range),
      kind,
      dt,
      from_seq: range.from,
      to_seq: range.to,
      rows: rows.length,
      bytes: bytes.byteLength,
      sha256: await hashBytes(bytes),
      ...spanOf(rows),
      counts: JSON.stringify({ ...countSteps(rows), ...verdicts }),
      read_at,
      written_at: deps.clock(),
    };
    await putPart(deps.BUCKET, part, bytes);
    await writeManifest(deps, kind, dt, [part]);
    parts.push(part);
  }
  const written = new Set(parts.map(({ key }) => key));
  const stale = planned.filter((key) => !written.has(key));
  if (stale.length > 0) await deps.BUCKET.delete(stale);
  return {
    parts,
    sessions: cleaned.sessions,
    counts: {
      rows: rows.length,
      parts: parts.length,
      set_aside: cleaned.aside.length,
      bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  };
}

function groupByDay({ kept, aside }: Cleaned): Group[] {
  const groups = new Map<string, Group>();
  const take = (kind: PartKind, row: CleanRow): Group => {
    const dt = dayOf(row.timestamp);
    const group = groups.get(`${kind} ${dt}`) ?? { kind, dt, rows: [], verdicts: {} };
    groups.set(`${kind} ${dt}`, group);
    group.rows.push(row);
    return group;
  };
  for (const row of kept) take("events", row);
  for (const { row, why } of aside) {
    const { verdicts } = take("set_aside", row);
    verdicts[why] = (verdicts[why] ?? 0) + 1;
  }
  return [...groups.values()];
}

/** First and last event time. */
export function spanOf(rows: readonly CleanRow[]): Pick<NewPart, "min_time" | "max_time"> {
  let [min_time, max_time] = [Infinity, -Infinity];
  for (const { timestamp } of rows) {
    min_time = Math.min(min_time, timestamp);
    max_time = Math.max(max_time, timestamp);
  }
  return rows.length === 0 ? { min_time: null, max_time: null } : { min_time, max_time };
}
