// An object store in memory that heeds conditions, as R2 does.
import type { ModelBucket } from "../../../models/registry/bucket.ts";

export function createMemoryBucket(): ModelBucket {
  const objects = new Map<string, { etag: string; bytes: Uint8Array }>();
  let writes = 0;
  const describe = (key: string) => {
    const held = objects.get(key);
    return held === undefined ? null : { key, etag: held.etag, size: held.bytes.length };
  };
  return {
    head: async (key) => describe(key),
    async get(key) {
      const [held, found] = [objects.get(key), describe(key)];
      if (held === undefined || found === null) return null;
      return { ...found, arrayBuffer: async () => held.bytes.slice().buffer };
    },
    async put(key, value, options) {
      const held = objects.get(key);
      const { etagMatches, etagDoesNotMatch } = options?.onlyIf ?? {};
      if (etagMatches !== undefined && held?.etag !== etagMatches) return null;
      if (etagDoesNotMatch === "*" && held !== undefined) return null;
      if (value instanceof ReadableStream) throw new Error("this bucket takes no streams");
      const bytes =
        typeof value === "string" ? new TextEncoder().encode(value) : new Uint8Array(value);
      writes += 1;
      objects.set(key, { etag: `e${writes}`, bytes });
      return describe(key);
    },
    async delete(key) {
      objects.delete(key);
    },
    list: async () => ({ objects: [], delimitedPrefixes: [], truncated: false }),
  };
}
