// Counts the rows that became no event, by reason, so that nothing is lost in silence.

export class Skips {
  #counts = new Map<string, number>();

  add(reason: string, rows = 1): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + rows);
  }

  reset(): void {
    this.#counts.clear();
  }

  toRecord(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
