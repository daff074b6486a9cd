// Whose an order is, as the log knows it.

/** The pseudonym under which the order was told last, or null. */
export async function findBuyer(
  database: D1Database,
  transaction_id: string,
): Promise<string | null> {
  const row = await database
    .prepare(
      `select shopper from events indexed by events_of_transactions
        where transaction_id = ? and name = 'purchase' and line = 0 order by seq desc limit 1`,
    )
    .bind(transaction_id)
    .first<{ shopper: string }>();
  return row?.shopper ?? null;
}
