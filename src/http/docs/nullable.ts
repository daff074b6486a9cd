// A schema of the document that has a name, or null.
import * as z from "zod";

/** `.nullable()` would let the null into the named schema itself, and so into everything else that refers to it. */
export function nullable<S extends z.ZodType>(named: S) {
  return z.union([named, z.null()]);
}
