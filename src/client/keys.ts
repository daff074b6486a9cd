// Where a command line finds its secret key: the option, the environment, or .dev.vars for a Worker on this machine.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository, whatever folder the command was called from. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export const DEV_VARS = join(ROOT, ".dev.vars");

const LOCAL_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Reads `NAME=value` lines; quotes around a value and # comments are allowed, as wrangler allows them. */
export function parseDevVars(text: string): Map<string, string> {
  const vars = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    const [, name, value] = match ?? [];
    if (name === undefined || value === undefined) continue;
    vars.set(name, value.replace(/^(["'])(.*)\1$/, "$2"));
  }
  return vars;
}

export function readDevVars(file = DEV_VARS): Map<string, string> {
  return existsSync(file) ? parseDevVars(readFileSync(file, "utf8")) : new Map();
}

/** The first of a comma-separated list of keys. */
export function firstKey(list: string | undefined): string | undefined {
  const [first] = (list ?? "").split(",").map((key) => key.trim());
  return first === "" ? undefined : first;
}

/** @throws Error with a sentence where no key is to be found. */
export function findSecretKey(url: string, given: string | undefined): string {
  const fromEnvironment = process.env["MILLRACE_SECRET_KEY"];
  const local = LOCAL_HOSTS.has(new URL(url).hostname);
  const key =
    given ?? fromEnvironment ?? (local ? firstKey(readDevVars().get("SECRET_KEYS")) : undefined);
  if (key !== undefined) return key;
  throw new Error(
    local
      ? `No secret key: there is none in ${DEV_VARS}. Run npm start once, or set MILLRACE_SECRET_KEY.`
      : "No secret key: pass --key or set MILLRACE_SECRET_KEY.",
  );
}
