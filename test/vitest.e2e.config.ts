// Tests over real processes: `wrangler dev`, the command lines, a browser where there is one.
// One at a time: each has a Worker of its own, and a laptop has few cores.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "e2e",
    root: "..",
    dir: "test/e2e",
    include: ["**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
