// Who a shopper is behind the edge: a keyed hash of the id that the shop uses. The raw id is kept nowhere.

export type ShopperKind = "user" | "anonymous";

export type Pseudonymise = (kind: ShopperKind, id: string) => Promise<string>;

/** 24 bytes (192 bits) as 32 characters: no collision to be expected among all people's shops. */
const LENGTH = 32;
/** What a pseudonym looks like, so that nothing else is taken for one. */
export const PSEUDONYM = /^[\w-]{32}$/;
/** Users and anonymous visitors never share a name, so an identify can only point from one to the other. */
const PREFIX: Record<ShopperKind, string> = { user: "user:", anonymous: "anon:" };

const KEYS = new Map<string, Promise<CryptoKey>>();
const ENCODER = new TextEncoder();

/** base64url(HMAC-SHA256(secret, "user:" + id | "anon:" + id)), cut. */
export function createPseudonymiser(secret: string): Pseudonymise {
  return async (kind, id) => {
    const key = await importKey(secret);
    const digest = await crypto.subtle.sign("HMAC", key, ENCODER.encode(PREFIX[kind] + id));
    return toBase64Url(new Uint8Array(digest)).slice(0, LENGTH);
  };
}

/** One import per secret and isolate. */
function importKey(secret: string): Promise<CryptoKey> {
  const known = KEYS.get(secret);
  if (known !== undefined) return known;
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = crypto.subtle.importKey("raw", ENCODER.encode(secret), algorithm, false, ["sign"]);
  KEYS.set(secret, key);
  return key;
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
