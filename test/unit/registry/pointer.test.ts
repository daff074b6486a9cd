import * as fc from "fast-check";
import { expect, it } from "vitest";
import { advance, readPointer, retreat, swapPointer } from "../../../models/registry/pointer.ts";
import type { HeldPointer, Pointer } from "../../../models/registry/pointer.ts";
import { createMemoryBucket } from "./memory-bucket.ts";

it("lets only one of two swaps from the same state through", async () => {
  const bucket = createMemoryBucket();
  const first = advance(null, "v1", 0);
  const outcomes = await Promise.all([
    swapPointer(bucket, "ranking", null, first),
    swapPointer(bucket, "ranking", null, advance(null, "v2", 0)),
  ]);
  expect(outcomes.filter(Boolean)).toHaveLength(1);
});

it("rolls back step by step through what served before, to none", async () => {
  const bucket = createMemoryBucket();
  for (const version of ["v1", "v2", "v3"]) {
    const held = await readPointer(bucket, "ranking");
    await swapPointer(bucket, "ranking", held, advance(held, version, 0));
  }
  const seen: (string | null)[] = [];
  for (;;) {
    const held = await readPointer(bucket, "ranking");
    seen.push(held?.pointer.version ?? null);
    const earlier = retreat(held, 0);
    if (earlier === null) break;
    await swapPointer(bucket, "ranking", held, earlier);
  }
  expect(seen).toEqual(["v3", "v2", "v1", null]);
});

it("never lists the current version among the earlier ones, nor any twice, and keeps unknown keys", () => {
  const versions = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(versions, (promoted) => {
      let held: HeldPointer = null;
      for (const version of promoted) {
        const pointer: Pointer = { ...advance(held, version, 0), challenger: "later" };
        held = { pointer, etag: "" };
      }
      const { pointer } = held ?? { pointer: advance(null, "", 0) };
      expect(pointer.version).toBe(promoted.at(-1));
      expect(pointer.history).not.toContain(pointer.version);
      expect(new Set(pointer.history).size).toBe(pointer.history.length);
      expect(advance(held, "e", 0)).toMatchObject({ challenger: "later" });
    }),
  );
});
