// The way back to a cart: a signed link that expires, opens one shopper's cart for reading, and changes nothing. Anybody
// who is given the link sees that cart, so it says nothing else of the shopper.
import { accept, refuse, type Result } from "../../durable/state/result.ts";

/** ms: a link in a message of last week still works. */
const LIFETIME = 14 * 86_400_000;

type KeyEnv = Pick<Env, "PSEUDONYM_KEY">;

export type RestoreLink = { path: string; expires_at: string };

export async function createRestoreLink(
  shopper: string,
  now: number,
  env: KeyEnv,
): Promise<RestoreLink> {
  const expires_at = now + LIFETIME;
  const token = await mintRestoreToken(shopper, expires_at, env);
  const path = `/v1/carts/restore?token=${token}`;
  return { path, expires_at: new Date(expires_at).toISOString() };
}

/** `<pseudonym>.<expiry in ms, base 36>.<HMAC-SHA256, base64url>` */
export async function mintRestoreToken(
  shopper: string,
  expires_at: number,
  env: KeyEnv,
): Promise<string> {
  const text = `${shopper}.${expires_at.toString(36)}`;
  const signature = await crypto.subtle.sign("HMAC", await openKey(env), encode(text));
  return `${text}.${toBase64Url(new Uint8Array(signature))}`;
}

/** Whose cart it opens, or what to tell whoever sent it. */
export async function readRestoreToken(
  token: string,
  now: number,
  env: KeyEnv,
): Promise<Result<string>> {
  const [shopper = "", expiry = "", signature = "", ...more] = token.split(".");
  const bytes = fromBase64Url(signature);
  if (more.length > 0 || shopper === "" || bytes === null) return refuse("The link is not valid.");
  const isOurs = await crypto.subtle.verify(
    "HMAC",
    await openKey(env),
    bytes,
    encode(`${shopper}.${expiry}`),
  );
  if (!isOurs) return refuse("The link is not valid.");
  return parseInt(expiry, 36) > now ? accept(shopper) : refuse("The link has expired.");
}

/** Another purpose, another key: a link is no shopper token. */
async function openKey({ PSEUDONYM_KEY }: KeyEnv): Promise<CryptoKey> {
  const secret = encode(`cart-restore:${PSEUDONYM_KEY}`);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign", "verify"]);
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(text));
}

function toBase64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]{43}$/.test(text)) return null;
  const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(bytes, (letter) => letter.charCodeAt(0));
}
