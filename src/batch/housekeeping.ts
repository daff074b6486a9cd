// Nightly: drops what is kept for a while only.
import { lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { deadLetters, erasures, rejectedEvents } from "../stream/schema.ts";

const DAY = 86_400_000;

/** Long enough to mend a storefront that sends nonsense, ms since it was last seen. */
const REJECTED_KEPT = 30 * DAY;
/** Who has not mended the cause by then never will, ms. */
const DEAD_LETTERS_KEPT = 90 * DAY;
/** Outlives every dead letter that may still speak of the shopper, and the queue's 14 days before, ms. */
const ERASURES_KEPT = 120 * DAY;

export async function keepHouse(database: D1Database, now: number): Promise<void> {
  const db = drizzle(database);
  await db.batch([
    db.delete(rejectedEvents).where(lt(rejectedEvents.last_at, now - REJECTED_KEPT)),
    db.delete(deadLetters).where(lt(deadLetters.stored_at, now - DEAD_LETTERS_KEPT)),
    db.delete(erasures).where(lt(erasures.erased_at, now - ERASURES_KEPT)),
  ]);
}
