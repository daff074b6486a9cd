// The goods of one item: what the shop last counted, and what has moved since. Sums only, so the order in which movements
// arrive does not matter, and one that comes twice is one, by its key.

export const MOVEMENTS = [
  "sale",
  /** An order that was called off: what it took is there again. */
  "cancelled_sale",
  /** Goods that came back and can be sold. */
  "return",
  "correction",
  "po_placed",
  "po_received",
  "po_cancelled",
] as const;

export type MovementKind = (typeof MOVEMENTS)[number];

export type Movement = {
  key: string;
  item_id: string;
  kind: MovementKind;
  /** Pieces, or a weight or length; only a correction may be below 0. */
  quantity: number;
  /** When it happened, ms. */
  at: number;
  /** False where only somebody with the publishable key says so. */
  trusted: boolean;
  /** The purchase order, of `po_*`; else the order, hashed, or null. */
  order: string | null;
};

/** What the shop said that there is, and when, ms. */
export type Told = { level: number; at: number };

export type Stock = {
  /** For sale now. Below 0: sold though it was not there. Null where the shop never said a level. */
  on_hand: number | null;
  /** Ordered from suppliers and not there yet. */
  on_order: number;
  /** Sold though it was not there. */
  promised: number;
  /** on_hand + on_order - promised, where what is promised counts once. */
  position: number | null;
};

/** What a movement changes of what is there. */
function deltaOf({ kind, quantity }: Movement): number {
  if (kind === "sale") return -quantity;
  return kind === "po_placed" || kind === "po_cancelled" ? 0 : quantity;
}

/** @param movements of one item, each key once, in any order */
export function foldStock(told: Told | null, movements: readonly Movement[]): Stock {
  const on_order = sumOpen(movements);
  if (told === null) return { on_hand: null, on_order, promised: 0, position: null };
  const since = movements.filter(({ at }) => at > told.at);
  const sum = (trusted: boolean) =>
    since
      .filter((movement) => movement.trusted === trusted)
      .reduce((total, movement) => total + deltaOf(movement), 0);
  const on_hand = round(settle(told.level + sum(true), sum(false)));
  const promised = Math.max(0, -on_hand);
  return { on_hand, on_order, promised, position: round(on_hand + on_order) };
}

/** Nobody without the shop's key sells the last piece, or calls off what the shop has sold. */
function settle(known: number, claimed: number): number {
  return known <= 0 ? known : Math.max(Math.min(known, 1), known + Math.min(0, claimed));
}

/** What is still to come of each purchase order: more than was ordered may arrive. */
function sumOpen(movements: readonly Movement[]): number {
  const open = new Map<string | null, number>();
  for (const { kind, quantity, order } of movements) {
    const sign =
      kind === "po_placed" ? 1 : kind === "po_received" || kind === "po_cancelled" ? -1 : 0;
    if (sign !== 0) open.set(order, (open.get(order) ?? 0) + sign * quantity);
  }
  return round([...open.values()].reduce((sum, left) => sum + Math.max(0, left), 0));
}

const round = (quantity: number) => Math.round(quantity * 1000) / 1000;
