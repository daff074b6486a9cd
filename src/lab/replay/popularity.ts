// The baseline of a replay: all items by how often they were seen so far, kept in order as counts grow.

/** `order` is by count, descending; ties stand as they came about. Both calls take constant time. */
export class PopularityRanking {
  #order: string[] = [];
  #places = new Map<string, number>();
  #counts = new Map<string, number>();
  /** How many items have at least this count; so items of count c stand from `atLeast[c + 1]` on. */
  #atLeast: number[] = [];

  /** Moves the item to the front of its peers, where the next count begins. */
  observe(item: string): void {
    const count = (this.#counts.get(item) ?? 0) + 1;
    const place = this.#places.get(item) ?? this.#order.length;
    const front = this.#atLeast[count] ?? 0;
    const displaced = this.#order[front];
    if (displaced !== undefined) this.#put(displaced, place);
    this.#put(item, front);
    this.#counts.set(item, count);
    this.#atLeast[count] = front + 1;
  }

  /** From 1; infinite for an item never seen. */
  rankOf(item: string): number {
    const place = this.#places.get(item);
    return place === undefined ? Infinity : place + 1;
  }

  #put(item: string, place: number): void {
    this.#order[place] = item;
    this.#places.set(item, place);
  }
}
