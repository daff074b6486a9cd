// Migrations of an object: whole or not at all, in order, never changed afterwards.
import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { isBlank, migrate } from "../../durable/rows/migrate.ts";
import { ShopperMemory } from "../../durable/shopper-memory.ts";
import journal from "../../migrations/shopper/meta/_journal.json";
import { SHOPPER_MIGRATIONS } from "../../migrations/shopper/index.ts";
import { shopperNamed } from "./shopper-deliveries.ts";

const FIRST = {
  tag: "0000_first",
  sql: "CREATE TABLE a (x);--> statement-breakpoint\nINSERT INTO a VALUES (1);",
};
const SECOND = {
  tag: "0001_second",
  sql: "ALTER TABLE a ADD y;--> statement-breakpoint\nUPDATE a SET y = 2;",
};
const BROKEN = {
  tag: "0001_second",
  sql: "ALTER TABLE a ADD y;--> statement-breakpoint\nUPDATE b SET y = 2;",
};

/** Runs in an object of its own, which has stored nothing. */
function inStorage(name: string, check: (storage: DurableObjectStorage) => void): Promise<void> {
  return runInDurableObject(shopperNamed(name), (_, { storage }) => check(storage));
}

const rowsOf = (storage: DurableObjectStorage) => storage.sql.exec("SELECT * FROM a").toArray();

it("applies what is new, once", () =>
  inStorage("m-new", (storage) => {
    expect(isBlank(storage)).toBe(true);
    migrate(storage, [FIRST]);
    migrate(storage, [FIRST]);
    expect(isBlank(storage)).toBe(false);
    expect(rowsOf(storage)).toEqual([{ x: 1 }]);
    migrate(storage, [FIRST, SECOND]);
    expect(rowsOf(storage)).toEqual([{ x: 1, y: 2 }]);
  }));

it("goes on where it was stopped half-way, and says what SQLite said", () =>
  inStorage("m-stopped", (storage) => {
    expect(() => migrate(storage, [FIRST, BROKEN])).toThrow("no such table: b");
    // The first is whole; of the second, nothing.
    expect(rowsOf(storage)).toEqual([{ x: 1 }]);
    migrate(storage, [FIRST, SECOND]);
    expect(rowsOf(storage)).toEqual([{ x: 1, y: 2 }]);
  }));

it("refuses a history that was altered", () =>
  inStorage("m-altered", (storage) => {
    migrate(storage, [FIRST, SECOND]);
    expect(() => migrate(storage, [FIRST, BROKEN])).toThrow("0001_second was applied with another");
    expect(() => migrate(storage, [SECOND, FIRST])).toThrow("0000_first was applied with another");
    expect(() => migrate(storage, [FIRST])).toThrow("0001_second was applied, but is not known");
  }));

it("knows every migration that drizzle-kit has written, in its order", () => {
  expect(SHOPPER_MIGRATIONS.map(({ tag }) => tag)).toEqual(journal.entries.map(({ tag }) => tag));
});

it("does not open a memory with an altered history", () =>
  inStorage("m-refusing", (storage) => {
    migrate(storage, [{ tag: "0000_shopper", sql: "CREATE TABLE other (x);" }]);
    const memory = new ShopperMemory(storage, "m-refusing", true);
    expect(() => memory.open()).toThrow("0000_shopper was applied with another text");
  }));
