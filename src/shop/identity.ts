// Whether a sender may speak of a user. A user id is no secret: it stands in e-mails and addresses, or is counted up. So
// it counts with proof alone, and where the shop itself speaks.

/**
 * `proven`: by the shop's own signature, or told by its back end. `assumed`: the shop vouches for all that holds its
 * publishable key (REQUIRE_IDENTITY_PROOF = "false"). `none`: anybody may have sent it.
 */
export type Proof = "proven" | "assumed" | "none";

/** @param user_hash as it came, of whatever type */
export type ProveUser = (user_id: string, user_hash: unknown) => Promise<Proof>;

/** The shop's back end speaks, or a log that the shop kept itself. */
export const TRUSTED: ProveUser = () => Promise.resolve("proven");

/** hex(HMAC-SHA256), as Intercom's and others' libraries write it. */
const HASH = /^[0-9a-f]{64}$/i;
const ENCODER = new TextEncoder();
const ALGORITHM = { name: "HMAC", hash: "SHA-256" };

/**
 * Says whether a hash is hex(HMAC-SHA256(secret, user id)) under any of the shop's secrets: while the shop changes over
 * to a new one, both count. Compares in constant time.
 *
 * @param secrets separated by commas; with none, no hash is right
 */
export function createHashCheck(
  secrets: string,
): (user_id: string, user_hash: unknown) => Promise<boolean> {
  const keys = listSecrets(secrets).map((secret) =>
    crypto.subtle.importKey("raw", ENCODER.encode(secret), ALGORITHM, false, ["verify"]),
  );
  return async (user_id, user_hash) => {
    if (typeof user_hash !== "string" || !HASH.test(user_hash)) return false;
    const bytes = readHex(user_hash);
    const told = ENCODER.encode(user_id);
    // Every key is tried, whichever fits.
    const fits = await Promise.all(
      keys.map(async (key) => await crypto.subtle.verify("HMAC", await key, bytes, told)),
    );
    return fits.includes(true);
  };
}

export function listSecrets(secrets: string | undefined): string[] {
  return (secrets ?? "")
    .split(",")
    .map((secret) => secret.trim())
    .filter(Boolean);
}

function readHex(text: string): Uint8Array<ArrayBuffer> {
  const pairs = text.match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

/** A batch is mostly of one user: each claim is judged once. */
export function rememberProofs(prove: ProveUser): ProveUser {
  const known = new Map<string, Promise<Proof>>();
  return (user_id, user_hash) => {
    if (user_hash !== undefined && user_hash !== null && typeof user_hash !== "string") {
      return prove(user_id, undefined);
    }
    const key = `${user_hash ?? ""} ${user_id}`;
    const proof = known.get(key) ?? prove(user_id, user_hash);
    known.set(key, proof);
    return proof;
  };
}
