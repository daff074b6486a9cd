// Tests over real processes: `wrangler dev`, the command lines, a browser where there is one.
// One file at a time, after all other tests: each has a Worker of its own, and a laptop has few cores.
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const ROOT = resolve(import.meta.dirname, "..");

export default defineConfig({
  test: {
    name: "e2e",
    root: ROOT,
    dir: resolve(ROOT, "test/e2e"),
    include: ["**/*.test.ts"],
    fileParallelism: false,
    sequence: { groupOrder: 1 },
    testTimeout: 240_000,
    hookTimeout: 180_000,
  },
});
