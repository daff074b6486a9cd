// Three kinds of tests: `unit` in Node, `workers` inside real workerd, `e2e` over real processes.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Two files at a time on two cores; vitest would leave one core to itself, which does little.
    maxWorkers: "100%",
    projects: [
      "test/vitest.unit.config.ts",
      "test/vitest.workers.config.ts",
      "test/vitest.e2e.config.ts",
    ],
  },
});
