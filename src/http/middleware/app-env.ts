// What every handler finds in its context: the bindings, and what the middleware before it has set.

/** `pk` may send events and ask for recommendations; `sk` may do everything. */
export type KeyKind = "publishable" | "secret";

export type AppEnv = {
  Bindings: Env;
  Variables: {
    request_id: string;
    /** Set by `requireKey`. */
    key: KeyKind;
    /** Pseudonym of the shopper whom a shopper token names; set by `requireShopperToken`. */
    shopper: string;
  };
};
