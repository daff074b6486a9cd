// How a request proves that it may speak of a user: by the key that it came with, by a hash of the user's id, or by a
// shopper token for that user.
import type { Context } from "hono";
import type { ProveUser } from "../../../shop/identity.ts";
import { TRUSTED } from "../../../shop/identity.ts";
import { readSettings } from "../../../shop/settings.ts";
import type { AppEnv, KeyKind } from "../app-env.ts";
import { HASH_HEADER, TOKEN_HEADER } from "./ask-headers.ts";
import { readShopperToken } from "./shopper-token.ts";

/**
 * @param key that the request came with
 * @example const prove = openProver(c, "publishable"); await prove("user-17", body.user_hash) // "none"
 */
export function openProver(c: Context<AppEnv>, key: KeyKind): ProveUser {
  if (key === "secret") return TRUSTED;
  const { identity, pseudonymise } = readSettings(c.env);
  const hash = c.req.header(HASH_HEADER);
  let named: Promise<string | null> | undefined;
  return async (user_id, user_hash) => {
    if (await identity.isHashOf(user_id, user_hash ?? hash)) return "proven";
    named ??= readTokenHolder(c);
    const shopper = await named;
    if (shopper !== null && shopper === (await pseudonymise("user", user_id))) return "proven";
    return identity.requiresProof ? "none" : "assumed";
  };
}

/** Whom the shopper token names that came beside the key; null for none, and for one that is not valid. */
async function readTokenHolder(c: Context<AppEnv>): Promise<string | null> {
  const token = c.req.header(TOKEN_HEADER);
  if (token === undefined) return null;
  const held = await readShopperToken(token, c.env);
  return held.ok ? held.value : null;
}
