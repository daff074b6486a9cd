// Tests of pure code and of Node programs.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "unit",
    root: "..",
    dir: "test/unit",
    include: ["**/*.test.ts"],
    testTimeout: 120_000,
  },
});
