// Where drizzle-kit finds the tables of the D1 database and puts its migrations:
// `npx drizzle-kit generate --config migrations/d1.config.ts --name <what_changes>`.
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  schema: [
    "./src/log/schema.ts",
    "./src/catalog/schema.ts",
    "./src/batch/run/schema.ts",
    "./src/search/schema.ts",
    "./src/supply/schema.ts",
    "./src/console/schema.ts",
  ],
  out: "./migrations/d1",
});
