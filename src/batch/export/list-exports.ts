// What the export holds, for those who read it over HTTP.
import { eq, gte } from "drizzle-orm";
import { exportParts } from "../run/schema.ts";
import { dayFolder, listParts, type Part } from "./parts.ts";

export type ExportedDay = { dt: string; parts: Part[]; set_aside: Part[] };

/** Days in order, from `since` (YYYY-MM-DD) on. */
export async function listExports(database: D1Database, since: string): Promise<ExportedDay[]> {
  const days = new Map<string, ExportedDay>();
  for (const part of await listParts(database, gte(exportParts.dt, since))) {
    const day = days.get(part.dt) ?? { dt: part.dt, parts: [], set_aside: [] };
    days.set(part.dt, day);
    (part.kind === "events" ? day.parts : day.set_aside).push(part);
  }
  return [...days.values()].sort((a, b) => (a.dt < b.dt ? -1 : 1));
}

/** A file of the events, or null where D1 or R2 do not know it. */
export async function openPart(
  { DB, BUCKET }: { DB: D1Database; BUCKET: R2Bucket },
  dt: string,
  name: string,
): Promise<{ part: Part; object: R2ObjectBody } | null> {
  const key = `${dayFolder("events", dt)}/${name}`;
  const [part] = await listParts(DB, eq(exportParts.key, key));
  const object = part === undefined ? null : await BUCKET.get(key);
  return part === undefined || object === null ? null : { part, object };
}
