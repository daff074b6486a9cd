// The lock file installs the same bytes on every platform: each package of each platform is named with its hash.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as z from "zod";

const ROOT = join(import.meta.dirname, "../../..");

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      integrity: z.string().optional(),
      inBundle: z.boolean().optional(),
      resolved: z.string().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

const { packages } = Lock.parse(JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")));

it("has a hash for every package, and no host", () => {
  const others = Object.entries(packages).filter(([path, entry]) => path !== "" && !entry.inBundle);
  expect(others.length).toBeGreaterThan(100);
  expect(others.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
  expect(others.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

it("names what each platform needs, not only the one that it was written on", () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        packages[`node_modules/${name}`] === undefined &&
        packages[`${path}/node_modules/${name}`] === undefined,
    ),
  );
  expect(missing).toEqual([]);
  for (const platform of ["darwin-arm64", "win32-x64", "linux-x64"]) {
    expect(packages[`node_modules/@esbuild/${platform}`]).toBeDefined();
  }
});
