// Asks the log in D1 what it has. The log's table belongs to src/log; only two of its columns are known here.

/** Ids of the events of `shopper` that the log has, among `eventIds`; one bound parameter however many they are. */
export async function findLogged(
  db: D1Database,
  shopper: string,
  eventIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { results } = await db
    .prepare(
      "SELECT DISTINCT event_id FROM events WHERE shopper = ? AND event_id IN (SELECT value FROM json_each(?))",
    )
    .bind(shopper, JSON.stringify(eventIds))
    .all<{ event_id: string }>();
  return new Set(results.map(({ event_id }) => event_id));
}
