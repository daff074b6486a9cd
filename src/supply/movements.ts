// What the shop's own people tell of goods, each thing once: told again in the same words it changes nothing, and other
// words under the same id are refused.
import type { Movement } from "../../durable/state/ledger.ts";
import { readMovesUnder, writeMoves } from "../catalog/stock-moves.ts";

/** Pieces. */
export type Line = { item_id: string; quantity: number };

/** Of one telling: its id, and what the movements have in common. */
export type Telling = { id: readonly string[] } & Pick<Movement, "kind" | "at" | "order">;

/** False, and nothing is kept, where something else was told under this id. */
export async function keepOnce(
  database: D1Database,
  { id, kind, at, order }: Telling,
  lines: readonly Line[],
): Promise<boolean> {
  const sums = new Map<string, number>();
  for (const { item_id, quantity } of lines) {
    sums.set(item_id, (sums.get(item_id) ?? 0) + quantity);
  }
  const moves = Array.from(sums, ([item_id, quantity]) => {
    const key = JSON.stringify([...id, item_id]);
    return { key, item_id, kind, quantity, at, trusted: true, order };
  });
  const known = await readMovesUnder(database, id);
  if (known.length > 0) return describe(known) === describe(moves);
  await writeMoves(database, moves);
  return true;
}

function describe(moves: readonly { item_id: string; kind: string; quantity: number }[]): string {
  const words = moves.map(({ item_id, kind, quantity }) =>
    JSON.stringify([item_id, kind, quantity]),
  );
  return words.sort().join();
}
