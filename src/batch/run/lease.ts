// One job, one worker: a row in D1 says who holds a job and until when. Who is cut off loses it by time alone.
import { and, eq, gt, sql, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { jobLeases } from "./schema.ts";

/** Longer than any slice takes, D1's 30 s for a statement included; after a crash a job waits no longer, ms. */
export const LEASE_MS = 90_000;

export type Lease = { name: string; holder: string };

/** Null where another holds the job. Of two that ask at once one gets it: D1 runs one statement at a time. */
export async function takeLease(
  database: D1Database,
  name: string,
  now: number,
): Promise<Lease | null> {
  const holder = crypto.randomUUID();
  const taken = await drizzle(database).all(sql`
    insert into ${jobLeases} (name, holder, expires_at) values (${name}, ${holder}, ${now + LEASE_MS})
    on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
    where job_leases.expires_at <= ${now}
    returning holder`);
  return taken.length === 0 ? null : { name, holder };
}

export async function giveBack(database: D1Database, { name, holder }: Lease): Promise<void> {
  await drizzle(database)
    .delete(jobLeases)
    .where(and(eq(jobLeases.name, name), eq(jobLeases.holder, holder)));
}

/** Prolongs a lease that is still ours. */
export function renewLease({ name, holder }: Lease, now: number): SQL {
  return sql`update ${jobLeases} set expires_at = ${now + LEASE_MS} where name = ${name} and holder = ${holder}`;
}

/** `value` while the lease is ours, else null: written into a NOT NULL column it undoes its transaction. */
export function whileHeld({ name, holder }: Lease, value: string): SQL {
  return sql`(select ${value} from ${jobLeases} where name = ${name} and holder = ${holder})`;
}

/** Names of the leases that somebody holds. */
export async function listHeld(database: D1Database, now: number): Promise<Set<string>> {
  const rows = await drizzle(database)
    .select({ name: jobLeases.name })
    .from(jobLeases)
    .where(gt(jobLeases.expires_at, now));
  return new Set(rows.map(({ name }) => name));
}
