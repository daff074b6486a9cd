// Shopper tokens: what a browser shows to read its own shopper's data. The shop's back end mints them after
// its own login; they are JWTs (HS256) that hold a pseudonym, never a raw id.
import { accept, refuse } from "../../../../durable/state/result.ts";
import type { Result } from "../../../../durable/state/result.ts";
import { sign, verify } from "hono/jwt";
import { listSecrets } from "../../../shop/identity.ts";
import { JwtTokenExpired } from "hono/utils/jwt/types";

const ALGORITHM = "HS256";
/** Set apart from other tokens that might be signed with a key of ours one day. */
const AUDIENCE = "millrace-shopper";

type TokenSecrets = Pick<Env, "PSEUDONYM_KEY"> & { SHOPPER_TOKEN_SECRET?: string };

/**
 * The first signs, all are believed: so a shop changes over to a new one. Without a secret for tokens, one is made of the
 * key for pseudonyms: another purpose, another key, so that a signature is no pseudonym.
 */
function listSigningKeys(env: TokenSecrets): [string, ...string[]] {
  const [first, ...more] = listSecrets(env.SHOPPER_TOKEN_SECRET);
  return first === undefined ? [`shopper-token:${env.PSEUDONYM_KEY}`] : [first, ...more];
}

/** @param expires_at s since the epoch */
export async function mintShopperToken(
  shopper: string,
  expires_at: number,
  env: TokenSecrets,
): Promise<string> {
  const [key] = listSigningKeys(env);
  return await sign({ sub: shopper, aud: AUDIENCE, exp: expires_at }, key, ALGORITHM);
}

/** Whom a token names, or what to tell its sender. */
export async function readShopperToken(token: string, env: TokenSecrets): Promise<Result<string>> {
  const [first, ...more] = listSigningKeys(env);
  let read = await readSigned(token, first);
  for (const key of more) if (!read.ok) read = await readSigned(token, key);
  return read;
}

async function readSigned(token: string, key: string): Promise<Result<string>> {
  try {
    const { sub } = await verify(token, key, { alg: ALGORITHM, aud: AUDIENCE });
    return typeof sub === "string" ? accept(sub) : refuse("The token names no shopper.");
  } catch (error) {
    // Whatever is wrong with a token is its sender's affair; only its age is worth a word of its own.
    const message =
      error instanceof JwtTokenExpired ? "The token has expired." : "The token is not valid.";
    return refuse(message);
  }
}
