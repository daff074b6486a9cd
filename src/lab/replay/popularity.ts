// The baseline of a replay: all items by how often they were seen so far, kept in order as counts grow.

/** `order` is by count, descending; ties stand as they came about. Both calls take constant time. */
export class PopularityRanking {
  #order: string[] = [];
  #ranks = new Map<string, number>();
  #counts = new Map<string, number>();
  /** How many items have at least this count; so items of count c stand from `atLeast[c + 1]` on. */
  #atLeast: number[] = [];

  /** Moves the item to the front of its peers, where the next count begins. */
  observe(item: string): void {
    const count = (this.#counts.get(item) ?? 0) + 1;
    const rank = this.#ranks.get(item) ?? this.#order.length;
    const front = this.#atLeast[count] ?? 0;
    const displaced = this.#order[front];
    if (displaced !== undefined) this.#put(displaced, rank);
    this.#put(item, front);
    this.#counts.set(item, count);
    this.#atLeast[count] = front + 1;
  }

  /** From 1; infinite for an item never seen. */
  rankOf(item: string): number {
    const rank = this.#ranks.get(item);
    return rank === undefined ? Infinity : rank + 1;
  }

  #put(item: string, rank: number): void {
    this.#order[rank] = item;
    this.#ranks.set(item, rank);
  }
}
