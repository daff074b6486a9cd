// From the shop's own id to the object that remembers this shopper.
import type { Context } from "hono";
import * as z from "zod";
import { openShopper } from "../../../durable/stubs.ts";
import type { Snapshot } from "../../../durable/contract.ts";
import { PSEUDONYM, type ShopperKind } from "../../shop/pseudonym.ts";
import type { AppEnv } from "../middleware/app-env.ts";
import { AskHeaders, USER_HEADER, VISITOR_HEADER } from "../middleware/proof/ask-headers.ts";
import { Id } from "../middleware/id.ts";
import { readId } from "../../shop/read/text.ts";
import { readSettings } from "../../shop/settings.ts";

/** In the path, in place of an id: then the headers have it. Nobody's id is a dash. */
const IN_HEADERS = "-";

/** Path, query and headers of every route about one shopper. */
export const ShopperPath = z.object({
  id: Id.describe(
    "`-`: the id is in `x-user-id` or `x-anonymous-id`. Better so: URLs are kept by proxies and platforms.",
  ),
});
export const ShopperQuery = z.object({
  id_type: z
    .enum(["user", "anonymous", "pseudonym"])
    .optional()
    .meta({
      description:
        "Whose id it is. When absent: a user's, or else an anonymous visitor's. `pseudonym`: as profiles, exports and the " +
        "log name shoppers.",
    }),
});
export const ShopperHeaders = AskHeaders.pick({ [USER_HEADER]: true, [VISITOR_HEADER]: true });

/** The pseudonyms that a request may mean, likeliest first. */
export async function listPseudonyms(
  c: Context<AppEnv>,
  id: string,
  kind: z.infer<typeof ShopperQuery>["id_type"],
): Promise<string[]> {
  const { pseudonymise } = readSettings(c.env);
  if (id === IN_HEADERS) return await listInHeaders(c);
  if (kind === "pseudonym") return PSEUDONYM.test(id) ? [id] : [];
  const kinds: ShopperKind[] = kind === undefined ? ["user", "anonymous"] : [kind];
  return await Promise.all(kinds.map((each) => pseudonymise(each, id)));
}

async function listInHeaders(c: Context<AppEnv>): Promise<string[]> {
  const { pseudonymise } = readSettings(c.env);
  const named = [
    ["user", readId(c.req.header(USER_HEADER))],
    ["anonymous", readId(c.req.header(VISITOR_HEADER))],
  ] as const;
  const found = named.map(([kind, id]) => (typeof id === "string" ? pseudonymise(kind, id) : null));
  return await Promise.all(found.filter((each) => each !== null));
}

/** The first of these shoppers who was ever seen, as the user whom they may have become; null for none. */
export async function findShopper(
  pseudonyms: readonly string[],
  env: Env,
): Promise<Snapshot | null> {
  for (const pseudonym of pseudonyms) {
    const snapshot = await readSnapshot(pseudonym, env);
    if (snapshot !== null && snapshot.consent !== null) return snapshot;
  }
  return null;
}

/** Null where the object to ask has moved on twice, which no identify can bring about. */
export async function readSnapshot(pseudonym: string, env: Env): Promise<Snapshot | null> {
  const answer = await openShopper(env.SHOPPER, pseudonym).snapshot();
  if (answer.kind === "snapshot") return answer;
  const user = await openShopper(env.SHOPPER, answer.to).snapshot();
  return user.kind === "snapshot" ? user : null;
}
