// Tests inside real workerd, against the Worker as wrangler.toml describes it.
import { resolve } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Absolute, since the plugin and vitest each resolve paths from another folder. */
const ROOT = resolve(import.meta.dirname, "..");

export default defineConfig(async () => ({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: resolve(ROOT, "wrangler.toml") },
      miniflare: {
        bindings: {
          DEFAULT_CONSENT: "granted",
          PUBLISHABLE_KEYS: "pk_test",
          SECRET_KEYS: "sk_test",
          VIEWER_KEYS: "vk_test",
          PSEUDONYM_KEY: "a key for tests only",
          IDENTITY_SECRET: "an old secret for tests, a secret for tests",
          SHOPIFY_WEBHOOK_SECRET: "a secret for tests only",
          D1_MIGRATIONS: await readD1Migrations(resolve(ROOT, "migrations/d1")),
        },
        // Sooner than in production: many tests wait for what the queue brings.
        queueConsumers: { "millrace-log": { maxBatchTimeout: 0.05 } },
      },
    }),
  ],
  test: {
    name: "workers",
    root: ROOT,
    dir: resolve(ROOT, "test/workers"),
    include: ["**/*.test.ts"],
    isolate: false,
    setupFiles: [
      resolve(ROOT, "test/support/seed-properties.ts"),
      resolve(ROOT, "test/workers/support/fresh-storage.ts"),
    ],
    // The first request of a file loads the whole Worker, module by module.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
}));
