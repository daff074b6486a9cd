// What every handler finds in its context: the bindings, and what the middleware before it has set.
import type { RequestIdVariables } from "hono/request-id";

/** `pk` may send events and ask for recommendations; `sk` may do everything. */
export type KeyKind = "publishable" | "secret";

export type AppEnv = {
  Bindings: Env;
  Variables: RequestIdVariables & {
    /** Set on routes that need a key. */
    key: KeyKind;
    /** Set on routes that take events: null where the key may still be in the body. */
    sender: KeyKind | null;
    /** Pseudonym of the shopper whom a shopper token names; set on routes that need one. */
    shopper: string;
  };
};
