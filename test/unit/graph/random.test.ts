// Random streams: the same keys, the same numbers; other keys, others; and the distributions that they claim.
import { describe, expect, it } from "vitest";
import { Random } from "../../../models/graph/random.ts";

const draw = (random: Random, count = 8) => Array.from({ length: count }, () => random.next());

describe("a random stream", () => {
  it("is a function of its keys", () => {
    expect(draw(new Random(1, 2, 3))).toEqual(draw(new Random(1, 2, 3)));
    const others = [
      [1, 2, 4],
      [1, 3, 3],
      [2, 2, 3],
      [1, 2],
      [1, 2 + 2 ** 32, 3],
    ];
    const first = draw(new Random(1, 2, 3))[0];
    for (const keys of others) expect(draw(new Random(...keys))[0]).not.toBe(first);
  });

  it("has a mean of 0 and a variance of 1 where it is normal", () => {
    const random = new Random(9);
    const xs = Array.from({ length: 20_000 }, () => random.normal());
    const mean = xs.reduce((sum, x) => sum + x, 0) / xs.length;
    const variance = xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / xs.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });

  it("shuffles without losing anything", () => {
    const xs = Int32Array.from({ length: 100 }, (_, i) => i);
    new Random(4).shuffle(xs);
    expect(Array.from(xs)).not.toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(Array.from(xs.toSorted())).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it.each([0.1, 0.3, 0.5])("drops a share of %d", (drop) => {
    const mask = new Uint8Array(50_001);
    new Random(5).keepMask(mask, drop);
    const kept = mask.reduce((sum, keep) => sum + keep, 0) / mask.length;
    expect(Math.abs(kept - (1 - drop))).toBeLessThan(0.01);
  });
});
