// What every handler finds in its context: the bindings, and what the middleware before it has set.
import type { RequestIdVariables } from "hono/request-id";

/** `pk` may send events and ask for recommendations; `sk` may do everything. */
export type KeyKind = "publishable" | "secret";

/** Secrets that a shop sets where it needs what they are for. */
export type OptionalSecrets = {
  /** Where the shop is one of Shopify's. */
  SHOPIFY_WEBHOOK_SECRET?: string;
  /** Where browsers speak of users: what `user_hash` is made with; two, separated by a comma, while it is changed. */
  IDENTITY_SECRET?: string;
  /** Sign in to the console, to look at everything and change nothing. */
  VIEWER_KEYS?: string;
  /** What shopper tokens are signed with; likewise. Without it, a key made of PSEUDONYM_KEY. */
  SHOPPER_TOKEN_SECRET?: string;
};

export type AppEnv = {
  Bindings: Env & OptionalSecrets;
  Variables: RequestIdVariables & {
    /** Set on routes that need a key. */
    key: KeyKind;
    /** Set on routes that take events: null where the key may still be in the body. */
    sender: KeyKind | null;
    /** The body that Shopify signed; set on routes that need its signature. */
    signed: string;
    /** Pseudonym of the shopper whom a shopper token names; set on routes that need one. */
    shopper: string;
  };
};
