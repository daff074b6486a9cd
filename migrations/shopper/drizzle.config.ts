// Where drizzle-kit finds the tables of the Shopper object and puts its migrations:
// `npx drizzle-kit generate --config migrations/shopper/drizzle.config.ts --name <what_changes>`,
// then add the new file to index.ts.
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  schema: "./durable/rows/schema.ts",
  out: "./migrations/shopper",
});
