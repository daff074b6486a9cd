// Whom a request for a list is about: ids, proof and consent, the same in headers, in a query and in a body.
import type { Context } from "hono";
import * as z from "zod";
import type { Consent } from "../../../durable/contract.ts";
import { isPlaceholder } from "../../ingest/read/shopper.ts";
import { LooseId } from "../middleware/id.ts";
import { readId } from "../../shop/read/text.ts";
import { readSettings } from "../../shop/settings.ts";
import type { AppEnv } from "../middleware/app-env.ts";
import { USER_HEADER, VISITOR_HEADER } from "../middleware/proof/ask-headers.ts";
import { PSEUDONYM } from "../../shop/pseudonym.ts";
import { openProver } from "../middleware/proof/prove-user.ts";

const ShopperId = z.union([LooseId, z.int()]).optional();

export const AskShopper = z.object({
  anonymous_id: ShopperId.describe(
    "Discouraged in a query, like all ids: URLs are kept by proxies and platforms. Send `x-anonymous-id` and so on, or, " +
      "from a back end, `shopper`.",
  ),
  shopper: z
    .string()
    .regex(PSEUDONYM)
    .optional()
    .describe(
      "With a secret key, in place of the ids: a pseudonym, as profiles and exports name shoppers.",
    ),
  user_id: ShopperId.describe(
    "When both ids are given, the user's history is used. With a publishable key it counts with proof: `user_hash`, or " +
      "a shopper token in `x-shopper-token`. Without, the list is the anonymous visitor's, and says `unverified`.",
  ),
  user_hash: z
    .string()
    .optional()
    .describe("hex(HMAC-SHA256(IDENTITY_SECRET, user_id)), made by the shop's back end."),
  consent: z
    .enum(["granted", "denied"])
    .optional()
    .describe("Denied: nothing personal, nothing logged. Absent: as the shopper last said."),
});

const CONSENTS = {
  granted: { analytics: true, personalization: true },
  denied: { analytics: false, personalization: false },
};

export type Asked = {
  /** Pseudonym; null for nobody, and for one who refuses. */
  shopper: string | null;
  /** What this request says of it, or null where what the shopper last said holds. */
  consent: Consent | null;
  /** A user was named without proof. */
  isUnverified: boolean;
};

export async function readShopper(
  c: Context<AppEnv>,
  asked: z.infer<typeof AskShopper>,
): Promise<Asked> {
  const { pseudonymise } = readSettings(c.env);
  const consent = asked.consent === undefined ? null : CONSENTS[asked.consent];
  if (consent?.personalization === false) return { shopper: null, consent, isUnverified: false };
  if (asked.shopper !== undefined && c.get("key") === "secret") {
    return { shopper: asked.shopper, consent, isUnverified: false };
  }
  const user = readPerson(c.req.header(USER_HEADER) ?? asked.user_id);
  const prove = openProver(c, c.get("key"));
  const isProven = user !== null && (await prove(user, asked.user_hash)) !== "none";
  if (isProven) {
    return { shopper: await pseudonymise("user", user), consent, isUnverified: false };
  }
  const isUnverified = user !== null;
  const visitor = readPerson(c.req.header(VISITOR_HEADER) ?? asked.anonymous_id);
  const shopper = visitor === null ? null : await pseudonymise("anonymous", visitor);
  return { shopper, consent, isUnverified };
}

/** As in events: digits are an id, and what programs print for nobody is nobody. */
function readPerson(value: unknown): string | null {
  const id = readId(value);
  return typeof id === "string" && !isPlaceholder(id) ? id : null;
}
