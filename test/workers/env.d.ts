// What vitest.workers.config.ts binds besides wrangler.toml.
declare namespace Cloudflare {
  interface Env {
    IDENTITY_SECRET: string;
    D1_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
}
