// Counts the rows that became no event, by reason, so that nothing is lost in silence. Some tell nothing, some are lost.

export class Skips {
  #counts = new Map<string, number>();
  /** Rows that could not be read. */
  lost = 0;

  add(reason: string, rows = 1): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + rows);
  }

  /** A row that could not be read. */
  lose(reason: string): void {
    this.lost += 1;
    this.add(reason);
  }

  reset(): void {
    this.lost = 0;
    this.#counts.clear();
  }

  toRecord(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
