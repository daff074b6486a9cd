// A file in R2 that a Parquet reader reads by parts: the footer and a filter instead of everything.
import type { AsyncBuffer } from "hyparquet";
import { toHex } from "./digest.ts";

export type RangedFile = AsyncBuffer & {
  /** The hash that R2 checked when the file came, or null. */
  sha256: string | null;
  readAll: () => Promise<ArrayBuffer>;
};

/** Null where there is no such file. */
export async function openRanges(bucket: R2Bucket, key: string): Promise<RangedFile | null> {
  const head = await bucket.head(key);
  if (head === null) return null;
  const read = async (range?: R2Range) => {
    const object = await bucket.get(key, { range });
    if (object === null) throw new Error(`${key} was deleted while it was read.`);
    return await object.arrayBuffer();
  };
  const { sha256 } = head.checksums;
  return {
    byteLength: head.size,
    slice: (start, end = head.size) => read({ offset: start, length: end - start }),
    sha256: sha256 === undefined ? null : toHex(sha256),
    readAll: () => read(),
  };
}
