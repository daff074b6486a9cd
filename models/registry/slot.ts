// The place of one task's model in an isolate: follows the pointer, swaps without a gap, refuses what will not do.
import type { ModelBucket } from "./bucket.ts";
import type { Task } from "./keys.ts";
import { readPointer } from "./pointer.ts";
import { fetchVersion } from "./verify.ts";
import type { VerifiedVersion } from "./verify.ts";

/** A model that has answered once. `release` frees its memory; it must not be used afterwards. */
export type Served = { version: string; release(): Promise<void> };

/**
 * Makes a model of checked files and lets it answer once. A sentence says why the version will not do; what is
 * thrown counts as such a reason too.
 */
export type OpenModel<T extends Served> = (
  files: VerifiedVersion,
) => Promise<{ ok: true; model: T } | { ok: false; reason: string }>;

/** Opens a version; what is thrown becomes a reason. */
export async function openSafely<T extends Served>(
  open: OpenModel<T>,
  version: VerifiedVersion,
): Promise<{ ok: true; model: T } | { ok: false; reason: string }> {
  try {
    return await open(version);
  } catch (error) {
    // Bytes that are no graph, a graph that cannot run: expected of a broken version.
    const cause = error instanceof Error ? error.message : String(error);
    return { ok: false, reason: `Model ${version.manifest.version} does not run: ${cause}` };
  }
}

export type SlotState = {
  /** What the pointer asks for, and what serves; null for none. */
  wanted: string | null;
  serving: string | null;
  /** Versions that were refused since the pointer last moved. */
  refused: { version: string; reason: string }[];
};

export class ModelSlot<T extends Served> {
  readonly #bucket: ModelBucket;
  readonly #task: Task;
  readonly #open: OpenModel<T>;
  #serving: T | null = null;
  #retired: T | null = null;
  #etag: string | null = null;
  #wanted: string | null = null;
  #refused: { version: string; reason: string }[] = [];

  constructor(bucket: ModelBucket, task: Task, open: OpenModel<T>) {
    this.#bucket = bucket;
    this.#task = task;
    this.#open = open;
  }

  get serving(): T | null {
    return this.#serving;
  }

  get state(): SlotState {
    return {
      wanted: this.#wanted,
      serving: this.#serving?.version ?? null,
      refused: [...this.#refused],
    };
  }

  /** Follows the pointer. Throws where the store cannot be read; what serves goes on serving. */
  async refresh(): Promise<void> {
    // Swapped out one look ago, so no request can still be running it.
    const retired = this.#retired;
    this.#retired = null;
    await retired?.release();

    const held = await readPointer(this.#bucket, this.#task);
    if (held === null || held.etag === this.#etag) return;
    this.#refused = [];
    this.#wanted = held.pointer.version;
    // An isolate that serves already keeps what it has; a new one takes the latest earlier version that will do.
    const earlier = this.#serving === null ? held.pointer.history : [];
    for (const version of [held.pointer.version, ...earlier]) {
      if (this.#serving?.version === version) break;
      if (await this.#tryServing(version)) break;
    }
    // Only now: a failure on the way is tried again at the next look.
    this.#etag = held.etag;
  }

  async #tryServing(version: string): Promise<boolean> {
    const fetched = await fetchVersion(this.#bucket, this.#task, version);
    if (!fetched.ok) return this.#refuse(version, fetched.reason);
    const opened = await openSafely(this.#open, fetched.value);
    if (!opened.ok) return this.#refuse(version, opened.reason);
    this.#retired = this.#serving;
    this.#serving = opened.model;
    return true;
  }

  #refuse(version: string, reason: string): false {
    this.#refused.push({ version, reason });
    return false;
  }
}
