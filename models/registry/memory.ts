// How many bytes of models an isolate holds, all tasks together: an isolate has 128 MB for everything.

/** What an isolate may hold: a model of the largest size and another one beside it, to swap to or to try. */
const MODEL_MEMORY = 80_000_000;

/** ms. A request that was cut off while it opened a model cannot say so; what it had taken is then free again. */
const CUT_OFF_AFTER = 60_000;

/** Bytes that were taken; `kept`: for a model that stands, and not only while one is being opened. */
type Share = { bytes: number; at: number; kept: boolean };

export class ModelMemory {
  readonly #limit: number;
  readonly #shares = new Set<Share>();

  constructor(limit = MODEL_MEMORY) {
    this.#limit = limit;
  }

  /** null where there is no room. */
  take(bytes: number, now: number): Share | null {
    let held = 0;
    for (const share of this.#shares) {
      if (!share.kept && now - share.at > CUT_OFF_AFTER) this.#shares.delete(share);
      else held += share.bytes;
    }
    if (held + bytes > this.#limit) return null;
    const share = { bytes, at: now, kept: false };
    this.#shares.add(share);
    return share;
  }

  give(share: Share): void {
    this.#shares.delete(share);
  }
}

export type { Share };
