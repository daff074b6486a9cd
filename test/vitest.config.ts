// Three kinds of tests: `unit` in Node, `workers` inside real workerd, `e2e` over real processes.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Files at a time, on two cores: many wait for a process, a queue or an alarm.
    maxWorkers: 3,
    globalSetup: ["test/support/share-bundle.ts"],
    projects: [
      "test/vitest.unit.config.ts",
      "test/vitest.workers.config.ts",
      "test/vitest.e2e.config.ts",
    ],
  },
});
