// Tests over real processes: `wrangler dev`, the command lines, a browser where there is one.
// Each has a Worker of its own.
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const ROOT = resolve(import.meta.dirname, "..");

export default defineConfig({
  test: {
    name: "e2e",
    root: ROOT,
    dir: resolve(ROOT, "test/e2e"),
    include: ["**/*.test.ts"],
    testTimeout: 240_000,
    hookTimeout: 180_000,
  },
});
