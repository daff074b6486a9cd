// Which lines of orders were told before: a reloaded page, or a back end beside a browser, must not make a trend.

/** Lines remembered, the latest: repeats come within minutes. 1 MB. */
const MAX_LINES = 2 ** 13;

type Line = {
  shopper: string;
  transaction_id: string | null;
  item_id: string | null;
  item_variant: string | null;
};

export class ToldLines {
  readonly #known = new Set<string>();

  /** Never for an order without an id. Remembers the line. */
  isRepeated({ shopper, transaction_id, item_id, item_variant }: Line): boolean {
    if (transaction_id === null) return false;
    const key = JSON.stringify([shopper, transaction_id, item_id, item_variant]);
    if (this.#known.has(key)) return true;
    this.#known.add(key);
    if (this.#known.size > MAX_LINES) {
      for (const oldest of this.#known) {
        this.#known.delete(oldest);
        break;
      }
    }
    return false;
  }
}
