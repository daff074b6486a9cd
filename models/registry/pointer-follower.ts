// Follows the pointer of one task in an isolate, and refuses versions that will not do.
import type { ModelBucket } from "./bucket.ts";
import type { Task } from "./keys.ts";
import { readPointer } from "./pointer.ts";
import type { ModelCache, Served } from "./model-cache.ts";

export type FollowerState = {
  /** What the pointer asks for, and what serves; null for none. */
  wanted: string | null;
  serving: string | null;
  /** Versions that were refused since the pointer last moved. */
  refused: { version: string; reason: string }[];
};

export class PointerFollower<T extends Served> {
  readonly #bucket: ModelBucket;
  readonly #task: Task;
  readonly #cache: ModelCache<T>;
  #serving: T | null = null;
  #etag: string | null = null;
  #wanted: string | null = null;
  #refused: FollowerState["refused"] = [];

  constructor(bucket: ModelBucket, task: Task, cache: ModelCache<T>) {
    this.#bucket = bucket;
    this.#task = task;
    this.#cache = cache;
  }

  get serving(): T | null {
    return this.#serving;
  }

  get state(): FollowerState {
    return {
      wanted: this.#wanted,
      serving: this.#serving?.version ?? null,
      refused: [...this.#refused],
    };
  }

  /**
   * Follows the pointer; false where the version that it asks for has to wait for room. Throws where the store cannot be
   * read. What serves goes on serving either way.
   */
  async refresh(now: number): Promise<boolean> {
    const held = await readPointer(this.#bucket, this.#task);
    if (held === null || held.etag === this.#etag) return true;
    this.#refused = [];
    this.#wanted = held.pointer.version;
    if (held.pointer.version === null) {
      this.#serving = null;
      this.#etag = held.etag;
      return true;
    }
    // An isolate that serves already keeps what it has; a new one takes the latest earlier version that will do.
    const earlier = this.#serving === null ? held.pointer.history : [];
    for (const version of [held.pointer.version, ...earlier]) {
      if (this.#serving?.version === version) break;
      const opened = await this.#cache.open(version, now, true);
      if (opened.ok) {
        this.#serving = opened.value;
        break;
      }
      const { code, message } = opened.reason;
      this.#refused.push({ version, reason: message });
      if (code === "no_room") return false;
    }
    // Only now: a failure on the way is tried again at the next look.
    this.#etag = held.etag;
    return true;
  }
}
