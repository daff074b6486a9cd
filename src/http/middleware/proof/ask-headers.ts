// Who a question is about, in headers: URLs are kept by proxies and platforms, headers are not.
import * as z from "zod";

export const VISITOR_HEADER = "x-anonymous-id";
export const USER_HEADER = "x-user-id";
export const HASH_HEADER = "x-user-hash";
/** Beside the header `authorization`, which has the key. */
export const TOKEN_HEADER = "x-shopper-token";

export const AskHeaders = z.object({
  [VISITOR_HEADER]: z.string().optional().describe("As `anonymous_id`; it counts before that."),
  [USER_HEADER]: z.string().optional().describe("As `user_id`; it counts before that."),
  [HASH_HEADER]: z.string().optional().describe("As `user_hash`."),
  [TOKEN_HEADER]: z.string().optional().describe("A shopper token: proof of the user it names."),
});
