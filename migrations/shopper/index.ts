// The migrations of the Shopper object, oldest first. Append only: an object that has run one refuses another text.
import type { Migration } from "../../durable/migrate.ts";
import shopper from "./0000_shopper.sql";

export const SHOPPER_MIGRATIONS: readonly Migration[] = [{ tag: "0000_shopper", sql: shopper }];
