// The session of a browser that has signed in to the console: a signed cookie that names no key, and ends with it.
import type { Context } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import { listSecrets } from "../../shop/identity.ts";
import type { AppEnv } from "./app-env.ts";

/** `viewer`: reads everything. `editor`: may do what a secret key may. */
export const ROLES = ["viewer", "editor"] as const;
export type Role = (typeof ROLES)[number];

/** `key`: fingerprint of the key that it was opened with. `expires_at`: s since the epoch. */
export type Session = { role: Role; key: string; expires_at: number };

/** A working day, s. */
export const SESSION_SECONDS = 12 * 3600;

/** Sent by the console's own script with all that changes something. Forms and other sites' scripts cannot. */
const CONSOLE_HEADER = "x-millrace-console";

const COOKIE = "millrace-console";

type Secrets = { PSEUDONYM_KEY: string; SECRET_KEYS: string; VIEWER_KEYS?: string };

/** Another purpose, another key: as shopper tokens have it. */
const signingKey = ({ PSEUDONYM_KEY }: Pick<Secrets, "PSEUDONYM_KEY">) =>
  `console-session:${PSEUDONYM_KEY}`;

/** What stands for a key where the key itself must not stand. */
export async function fingerprintKey(
  key: string,
  { PSEUDONYM_KEY }: Pick<Secrets, "PSEUDONYM_KEY">,
): Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const secret = bytes(`console-key:${PSEUDONYM_KEY}`);
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const signer = await crypto.subtle.importKey("raw", secret, hmac, false, ["sign"]);
  const digest = new Uint8Array(await crypto.subtle.sign("HMAC", signer, bytes(key)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whose key it is, by its fingerprint: comparing these tells nothing of the key. Null: no list has it. */
export async function judgeFingerprint(fingerprint: string, env: Secrets): Promise<Role | null> {
  for (const [role, list] of [
    ["editor", env.SECRET_KEYS],
    ["viewer", env.VIEWER_KEYS],
  ] as const) {
    for (const key of listSecrets(list)) {
      if ((await fingerprintKey(key, env)) === fingerprint) return role;
    }
  }
  return null;
}

/** Over plain HTTP, as on a laptop, a browser takes no cookie that is `Secure`. */
const isSecure = (c: Context) => new URL(c.req.url).protocol === "https:";

export async function openSession(c: Context<AppEnv>, { role, key, expires_at }: Session) {
  const value = [role, key, expires_at].join(".");
  const maxAge = Math.max(0, expires_at - Math.floor(Date.now() / 1000));
  const shared = { httpOnly: true, sameSite: "Strict", path: "/", maxAge } as const;
  const options = isSecure(c)
    ? ({ ...shared, secure: true, prefix: "host" } as const)
    : ({ ...shared, secure: false } as const);
  await setSignedCookie(c, COOKIE, value, signingKey(c.env), options);
}

export function closeSession(c: Context<AppEnv>): void {
  const secure = isSecure(c);
  deleteCookie(c, secure ? `__Host-${COOKIE}` : COOKIE, { path: "/", secure });
}

/** Null where there is none, it has expired, or its key is no longer in force. */
export async function readSession(c: Context<AppEnv>): Promise<Session | null> {
  if (c.req.header("cookie") === undefined) return null;
  const prefix = isSecure(c) ? "host" : undefined;
  const value = await getSignedCookie(c, signingKey(c.env), COOKIE, prefix);
  if (typeof value !== "string") return null;
  const [role, key = "", expires] = value.split(".");
  const expires_at = Number(expires);
  if (!(expires_at > Date.now() / 1000)) return null;
  const held = await judgeFingerprint(key, c.env);
  if (held === null) return null;
  // A link may give less than its key.
  return { role: role === "editor" ? held : "viewer", key, expires_at };
}

/** Whether a request that changes something comes from the console's own page. */
export function isFromConsole(c: Context<AppEnv>): boolean {
  return c.req.header(CONSOLE_HEADER) !== undefined && hasOwnOrigin(c);
}

/** Browsers name the origin of all requests but plain GETs, and of every WebSocket. */
export function hasOwnOrigin(c: Context<AppEnv>): boolean {
  return c.req.header("origin") === new URL(c.req.url).origin;
}
