// Links that open the console once: made with a secret key, kept as hashes, gone when used. Knows no request.
import { and, eq, gt, lte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { consoleLinks } from "./schema.ts";

/** Beyond guessing, bytes. */
const TOKEN_BYTES = 32;

export type LinkGrant = Pick<typeof consoleLinks.$inferSelect, "role" | "key">;

/** What stands in the link. @param expires_at ms since the epoch */
export async function makeLink(
  database: D1Database,
  grant: LinkGrant,
  { now, expires_at }: { now: number; expires_at: number },
): Promise<string> {
  const token = toHex(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)));
  const db = drizzle(database);
  await db.batch([
    db.delete(consoleLinks).where(lte(consoleLinks.expires_at, now)),
    db.insert(consoleLinks).values({ ...grant, token_hash: await hash(token), expires_at }),
  ]);
  return token;
}

/** What the link grants, once: of two who use it at the same moment one gets it. Null for any other text. */
export async function useLink(
  database: D1Database,
  token: string,
  now: number,
): Promise<LinkGrant | null> {
  const isThis = eq(consoleLinks.token_hash, await hash(token));
  const [grant] = await drizzle(database)
    .delete(consoleLinks)
    .where(and(isThis, gt(consoleLinks.expires_at, now)))
    .returning({ role: consoleLinks.role, key: consoleLinks.key });
  return grant ?? null;
}

async function hash(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  return toHex(new Uint8Array(digest));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
