// From the shop's own id to the object that remembers this shopper.
import * as z from "zod";
import { openShopper } from "../../../durable/stubs.ts";
import type { Snapshot } from "../../../durable/contract.ts";
import type { ShopperKind } from "../../shop/pseudonym.ts";
import { Id } from "../middleware/id.ts";
import { readSettings } from "../../shop/settings.ts";

/** Path and query of every route about one shopper. */
export const ShopperPath = z.object({ id: Id });
export const ShopperQuery = z.object({
  id_type: z.enum(["user", "anonymous"]).optional().meta({
    description: "Whose id it is. When absent: a user's, or else an anonymous visitor's.",
  }),
});

/** The pseudonyms that an id may stand for, likeliest first. */
export async function listPseudonyms(
  id: string,
  kind: ShopperKind | undefined,
  env: Env,
): Promise<string[]> {
  const { pseudonymise } = readSettings(env);
  const kinds: ShopperKind[] = kind === undefined ? ["user", "anonymous"] : [kind];
  return await Promise.all(kinds.map((each) => pseudonymise(each, id)));
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
