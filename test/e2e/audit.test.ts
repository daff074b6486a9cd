// What `npm run audit-erasure` does at length, in small: nothing is left of those who were erased.
import { expect, it } from "vitest";
import { audit } from "../audit/audit.ts";

it("finds nothing of erased shoppers in any stored byte that still counts", async () => {
  const found = await audit({ shoppers: 12, seed: 3, quiet: 6 }, () => undefined);
  expect(found.control).toBeGreaterThan(5);
  expect(found.left).toEqual([]);
});
