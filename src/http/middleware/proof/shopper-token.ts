// Shopper tokens: what a browser shows to read its own shopper's data. The shop's back end mints them after
// its own login; they are JWTs (HS256) that hold a pseudonym, never a raw id.
import { accept, refuse } from "../../../../durable/state/result.ts";
import type { Result } from "../../../../durable/state/result.ts";
import { sign, verify } from "hono/jwt";
import { JwtTokenExpired } from "hono/utils/jwt/types";

const ALGORITHM = "HS256";
/** Set apart from other tokens that might be signed with a key of ours one day. */
const AUDIENCE = "millrace-shopper";

/** Another purpose, another key: a signature must not be usable as a pseudonym, nor the other way round. */
function signingKey(env: Pick<Env, "PSEUDONYM_KEY">): string {
  return `shopper-token:${env.PSEUDONYM_KEY}`;
}

/** @param expires_at s since the epoch */
export async function mintShopperToken(
  shopper: string,
  expires_at: number,
  env: Pick<Env, "PSEUDONYM_KEY">,
): Promise<string> {
  return await sign({ sub: shopper, aud: AUDIENCE, exp: expires_at }, signingKey(env), ALGORITHM);
}

/** Whom a token names, or what to tell its sender. */
export async function readShopperToken(
  token: string,
  env: Pick<Env, "PSEUDONYM_KEY">,
): Promise<Result<string>> {
  try {
    const { sub } = await verify(token, signingKey(env), { alg: ALGORITHM, aud: AUDIENCE });
    return typeof sub === "string" ? accept(sub) : refuse("The token names no shopper.");
  } catch (error) {
    // Whatever is wrong with a token is its sender's affair; only its age is worth a word of its own.
    const message =
      error instanceof JwtTokenExpired ? "The token has expired." : "The token is not valid.";
    return refuse(message);
  }
}
