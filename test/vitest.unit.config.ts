// Tests of pure code and of Node programs.
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "unit",
    root: "..",
    dir: "test/unit",
    include: ["**/*.test.ts"],
    setupFiles: [resolve(import.meta.dirname, "support/seed-properties.ts")],
    testTimeout: 120_000,
    // Some hooks train a small model; a busy machine takes its time.
    hookTimeout: 120_000,
  },
});
