// The local Worker's secrets: made once, at random, kept in .dev.vars (which git ignores).
import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { DEV_VARS, firstKey, readDevVars } from "./keys.ts";

/** 24 bytes: beyond guessing, and short enough to paste. */
const KEY_BYTES = 24;

const newKey = (prefix: string): string => `${prefix}${randomBytes(KEY_BYTES).toString("hex")}`;

const SECRETS = {
  PUBLISHABLE_KEYS: () => newKey("pk_"),
  SECRET_KEYS: () => newKey("sk_"),
  PSEUDONYM_KEY: () => newKey(""),
  IDENTITY_SECRET: () => newKey(""),
} as const;

export type DevKeys = { publishable: string; secret: string };

/** Adds what is missing and leaves what is there: with another PSEUDONYM_KEY every shopper would be a stranger. */
export function ensureDevVars(file = DEV_VARS): DevKeys {
  const present = readDevVars(file);
  const missing = Object.entries(SECRETS).filter(([name]) => (present.get(name) ?? "") === "");
  const lines = missing.map(([name, make]) => `${name}=${make()}\n`);
  if (lines.length > 0) appendFileSync(file, lines.join(""), { mode: 0o600 });
  const vars = readDevVars(file);
  const publishable = firstKey(vars.get("PUBLISHABLE_KEYS"));
  const secret = firstKey(vars.get("SECRET_KEYS"));
  if (publishable === undefined || secret === undefined) {
    throw new Error(`${file} holds no keys, though it should now.`);
  }
  return { publishable, secret };
}
