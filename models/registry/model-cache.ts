// The versions of one task that an isolate holds open, each once, whoever asks: what serves, what is on trial, and for a
// while what was just replaced, since requests may still be running it.
import { accept, refuse } from "../../durable/state/result.ts";
import type { Refused, Result } from "../../durable/state/result.ts";
import type { ModelBucket } from "./bucket.ts";
import type { Task } from "./keys.ts";
import type { ModelMemory, Share } from "./memory.ts";
import { fetchFiles, fetchManifest, sizeOf } from "./verify.ts";
import type { VerifiedVersion } from "./verify.ts";

/** A model that has answered. `release` frees its memory; it must not be used afterwards. */
export type Served = { version: string; release(): Promise<void> };

/**
 * Makes a model of checked files and lets it answer. A sentence says why the version will not do; what is thrown counts
 * as such a reason too.
 */
export type OpenModel<T extends Served> = (files: VerifiedVersion) => Promise<Result<T>>;

/** `unfit`: the version will not do. `no_room`: nothing is wrong with it, but it has to wait until there is room. */
export type NotOpened = { code: "unfit" | "no_room"; message: string };

export type Opened<T> = Result<T, NotOpened>;

/** ms that a model stays open when nobody wants it any more: a Worker cuts requests off after 30 s. */
export const GRACE = 30_000;

type Entry<T> = { model: T; share: Share; unwantedSince: number | null };

export class ModelCache<T extends Served> {
  readonly #bucket: ModelBucket;
  readonly #task: Task;
  readonly #open: OpenModel<T>;
  readonly #memory: ModelMemory;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #refused = new Map<string, string>();

  constructor(bucket: ModelBucket, task: Task, open: OpenModel<T>, memory: ModelMemory) {
    this.#bucket = bucket;
    this.#task = task;
    this.#open = open;
    this.#memory = memory;
  }

  /**
   * The version, opened if it is not yet. One that was refused is not looked at again while somebody wants it, unless
   * `anew`: its files may have been published again. Throws where the bucket cannot be read.
   */
  async open(version: string, now: number, anew = false): Promise<Opened<T>> {
    const known = this.#entries.get(version);
    if (known !== undefined) return accept(known.model);
    const before = this.#refused.get(version);
    if (before !== undefined && !anew) return refuse({ code: "unfit", message: before });
    const found = await fetchManifest(this.#bucket, this.#task, version);
    if (!found.ok) return this.#refuse(version, found.reason);
    const bytes = sizeOf(found.value);
    const share = this.#memory.take(bytes, now);
    if (share === null) {
      const message = `There is no room for the ${bytes} bytes of model ${version} beside what is open.`;
      return refuse({ code: "no_room", message });
    }
    const opened = await this.#openFiles(await this.#fetch(found.value, share), share);
    if (!opened.ok) return this.#refuse(version, opened.reason);
    this.#refused.delete(version);
    // Two requests may have opened it at the same time; one is enough.
    const other = this.#entries.get(version);
    if (other === undefined) {
      share.kept = true;
      this.#entries.set(version, { model: opened.value, share, unwantedSince: now });
      return opened;
    }
    this.#memory.give(share);
    await opened.value.release();
    return accept(other.model);
  }

  /** Lets go of versions that nobody has wanted for a while, and of what is known of refused ones. */
  async retain(wanted: ReadonlySet<string>, now: number): Promise<void> {
    for (const version of this.#refused.keys()) {
      if (!wanted.has(version)) this.#refused.delete(version);
    }
    for (const [version, entry] of this.#entries) {
      if (wanted.has(version)) entry.unwantedSince = null;
      else entry.unwantedSince ??= now;
      if (entry.unwantedSince === null || now - entry.unwantedSince < GRACE) continue;
      this.#entries.delete(version);
      this.#memory.give(entry.share);
      await entry.model.release();
    }
  }

  async #fetch(manifest: VerifiedVersion["manifest"], share: Share) {
    try {
      return await fetchFiles(this.#bucket, manifest);
    } catch (error) {
      this.#memory.give(share);
      throw error;
    }
  }

  async #openFiles(fetched: Result<VerifiedVersion>, share: Share) {
    const opened = fetched.ok ? await openSafely(this.#open, fetched.value) : fetched;
    if (!opened.ok) this.#memory.give(share);
    return opened;
  }

  #refuse(version: string, message: string): Refused<NotOpened> {
    this.#refused.set(version, message);
    return refuse({ code: "unfit", message });
  }
}

/** Opens a version; what is thrown becomes a reason. */
async function openSafely<T extends Served>(
  open: OpenModel<T>,
  version: VerifiedVersion,
): Promise<Result<T>> {
  try {
    return await open(version);
  } catch (error) {
    // Bytes that are no graph, a graph that cannot run: expected of a broken version.
    const cause = error instanceof Error ? error.message : String(error);
    return refuse(`Model ${version.manifest.version} does not run: ${cause}`);
  }
}
