// What the registry asks of an object store. Cloudflare's `R2Bucket` fits as it is; tests may bring their own.

export type StoredObject = { key: string; etag: string; size: number };

export type StoredBody = StoredObject & { arrayBuffer(): Promise<ArrayBuffer> };

/** `etagMatches`: write only over this very version. `etagDoesNotMatch: "*"`: write only where nothing is. */
export type WriteCondition = { etagMatches?: string; etagDoesNotMatch?: string };

export interface ModelBucket {
  head(key: string): Promise<StoredObject | null>;
  get(key: string): Promise<StoredBody | null>;
  /** Answers with null where the condition does not hold. */
  put(
    key: string,
    value: ReadableStream | ArrayBuffer | string,
    options?: { onlyIf?: WriteCondition },
  ): Promise<StoredObject | null>;
  delete(key: string): Promise<void>;
  list(options: {
    prefix: string;
    delimiter?: string;
    cursor?: string;
  }): Promise<{ objects: StoredObject[]; delimitedPrefixes: string[] } & Page>;
}

export type Page = { truncated: false } | { truncated: true; cursor: string };
